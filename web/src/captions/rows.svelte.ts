// The captions of a film as they are being corrected: what was read, what is typed, what that comes to.

import type { Schemas } from "../api/client";
import { type Caption, type Figures, figuresOf, tidy } from "./figures";

export class Row {
  readonly caption: Caption;
  text = $state("");
  readonly words = $derived(tidy(this.text));
  readonly changed: boolean = $derived.by(() => this.words !== this.caption.words);
  readonly figures: Figures;

  constructor(caption: Caption, following: Caption | undefined, limits: Schemas["CaptionLimits"]) {
    this.caption = caption;
    this.text = caption.words;
    const figures = $derived(figuresOf(caption, this.words, following, limits));
    this.figures = {
      get told() {
        return figures.told;
      },
      get over() {
        return figures.over;
      },
    };
  }

  /** Where it is said, whatever its number is. */
  get place(): string {
    return `${this.caption.clip} ${this.caption.start}`;
  }
}

export class Rows {
  seen = $state.raw<Schemas["CaptionsOut"] | null>(null);
  all = $state.raw<Row[]>([]);
  /** Words that were typed for captions that are no more. */
  homeless = $state.raw<string[]>([]);
  readonly changed = $derived(this.all.filter((row) => row.changed));
  readonly over = $derived(this.all.filter((row) => row.figures.over.length));
  /** The pieces of the film that stand under changed captions, from and until when. */
  readonly pieces = $derived.by(() => {
    const ends = this.seen?.pieces ?? [];
    const spans = ends.map((until, n): [number, number] => [ends[n - 1] ?? 0, until]);
    return spans.filter(([from, until]) =>
      this.changed.some(({ caption }) => caption.at_s < until - 0.001 && caption.until_s > from + 0.001),
    );
  });

  /** Take in the captions as they are now; what was typed moves to where the same words are said. */
  take(seen: Schemas["CaptionsOut"]): void {
    const typed = new Map(this.changed.map((row) => [row.place, row.text]));
    this.seen = seen;
    this.all = seen.captions.map((caption, n) => new Row(caption, seen.captions[n + 1], seen.limits));
    for (const row of this.all) {
      const text = typed.get(row.place);
      if (text !== undefined) row.text = text;
      typed.delete(row.place);
    }
    this.homeless = [...this.homeless, ...typed.values()];
  }
}
