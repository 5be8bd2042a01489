// A film on a timeline, cut by hand.

import Desk from "./cut/Desk.svelte";
import { island } from "./parts/island";

island("cut", Desk);
