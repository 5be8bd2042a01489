// How saving stands; it outlives the panel, which moves when the window becomes narrow or wide.

import type { Schemas } from "../api/client";

export class Saving {
  note = $state("Captions corrected.");
  refused = $state("");
  busy = $state(false);
  /** The version that was saved while the film could not be asked for. */
  saved = $state<number | null>(null);
  conflict = $state.raw<{ now: Schemas["CaptionsOut"]; changes: string[] } | null>(null);
}
