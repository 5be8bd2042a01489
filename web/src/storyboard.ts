// The editor of a storyboard: its beats as a form beside its text.

import { island } from "./parts/island";
import Editor from "./storyboard/Editor.svelte";

island("storyboard", Editor);
