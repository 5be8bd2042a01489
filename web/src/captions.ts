// All captions of a film, corrected beside it.

import Desk from "./captions/Desk.svelte";
import { island } from "./parts/island";

island("captions", Desk);
