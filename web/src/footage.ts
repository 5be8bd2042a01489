// The footage page: files on their way, and what we think of those that arrived.

import Sending from "./footage/Sending.svelte";
import { island } from "./parts/island";

island("sending", Sending);
