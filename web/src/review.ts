// A film to watch: the player, its captions, and comments pinned to its moments.

import { flushSync } from "svelte";
import { island } from "./parts/island";
import { tellLocalTimes } from "./parts/local";
import { listWords, mendWords } from "./review/captions";
import Comments from "./review/Comments.svelte";
import GoingAlong from "./review/GoingAlong.svelte";
import Player from "./review/Player.svelte";
import { waitForZip } from "./review/zip";

island("player", Player);
island("comments", Comments);
island("going-along", GoingAlong);
flushSync();
listWords();
mendWords();
tellLocalTimes();
void waitForZip();
