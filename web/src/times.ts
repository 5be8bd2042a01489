// Pages that tell when something was done, and are otherwise without script.

import { tellLocalTimes } from "./parts/local";

tellLocalTimes();
