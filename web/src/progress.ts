// The progress of a film being made.

import { island } from "./parts/island";
import Progress from "./progress/Progress.svelte";

island("progress", Progress);
