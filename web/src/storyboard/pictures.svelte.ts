// Pictures of cards and names by the real renderer; what looks the same is asked for once, and let go of when nothing
// shows it any more.

import { SvelteMap } from "svelte/reactivity";
import { answer, api } from "../api/client";

/** Whose name stands on the cards of a storyboard that is nobody's. */
export const DEPARTMENT = "Anytown Police Department";

export class Pictures {
  readonly shown = new SvelteMap<string, string>();
  private keys: readonly string[] = [];
  private wanted: string[] = [];
  private text = "";
  private busy = false;

  want(text: string, keys: readonly string[]): void {
    this.text = text;
    this.keys = keys;
    for (const [key, url] of this.shown)
      if (!keys.includes(key)) {
        URL.revokeObjectURL(url);
        this.shown.delete(key);
      }
    this.wanted = [...new Set(keys)].filter((key) => !this.shown.has(key));
    void this.fetch();
  }

  private async fetch(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    for (let key = this.wanted.shift(); key; key = this.wanted.shift()) {
      const drawn = api.POST("/v1/storyboards/sketch/picture", { body: { text: this.text, key, department: DEPARTMENT }, parseAs: "blob" });
      // A picture of a text that was changed meanwhile is not there any more; the next sketch tells of another one.
      const picture = await answer(drawn).catch(() => null);
      if (picture && this.keys.includes(key)) this.shown.set(key, URL.createObjectURL(picture as Blob));
    }
    this.busy = false;
  }
}
