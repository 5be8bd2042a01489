// The captions of a film as they are being mended: what was read, what is typed, how they are split, merged and timed.

import type { Schemas } from "../api/client";
import { type Caption, type Figures, figuresOf, tidy } from "./figures";

export type Wish = Schemas["CaptionWish"];
type Seen = Schemas["CaptionsOut"];

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

  /** The words of this clip that a wish names. */
  meets(wish: Wish): boolean {
    return wish.clip === this.caption.clip && wish.start < this.caption.end && this.caption.start < wish.end;
  }
}

export interface Speaker {
  clip: string;
  file: string;
  name: string;
  role: string;
}

/** All that undoing brings back. */
interface Before {
  deed: string;
  seen: Seen;
  wishes: Wish[];
  texts: Map<string, string>;
}

export class Rows {
  seen = $state.raw<Seen | null>(null);
  all = $state.raw<Row[]>([]);
  /** How captions shall be made otherwise than in the film. */
  wishes = $state.raw<Wish[]>([]);
  speakers = $state<Speaker[]>([]);
  /** Words that were typed for captions that are no more. */
  homeless = $state.raw<string[]>([]);
  private past = $state.raw<Before[]>([]);
  readonly undoable = $derived(this.past.at(-1)?.deed ?? "");
  readonly changed = $derived(this.all.filter((row) => row.changed || this.shaped(row)));
  readonly over = $derived(this.all.filter((row) => row.figures.over.length));
  readonly named = $derived(
    this.speakers.filter((one) => {
      const was = this.seen?.speakers.find((other) => other.clip === one.clip);
      return tidy(one.name) !== (was?.name ?? "") || tidy(one.role) !== (was?.role ?? "");
    }),
  );
  /** The pieces of the film that stand under changed captions, from and until when. */
  readonly pieces = $derived.by(() => {
    const ends = this.seen?.pieces ?? [];
    const spans = ends.map((until, n): [number, number] => [ends[n - 1] ?? 0, until]);
    return spans.filter(([from, until]) =>
      this.changed.some(({ caption }) => caption.at_s < until - 0.001 && caption.until_s > from + 0.001),
    );
  });

  shaped(row: Row): boolean {
    return this.wishes.some((wish) => row.meets(wish));
  }

  /** Take in the captions as they are now; what was typed moves to where the same words are said. */
  take(seen: Seen): void {
    const typed = this.typed();
    if (!this.seen)
      this.speakers = seen.speakers.map(({ clip, file, name, role }) => ({ clip, file, name: name ?? "", role: role ?? "" }));
    if (this.seen && this.seen.round !== seen.round) {
      // Seconds of a film that was planned again mean another moment.
      this.wishes = this.wishes.map((wish) => ({ ...wish, at_s: null, until_s: null }));
      this.past = [];
    }
    this.seen = seen;
    this.all = seen.captions.map((caption, n) => new Row(caption, seen.captions[n + 1], seen.limits));
    this.homeless = [...this.homeless, ...this.type(typed)];
  }

  /** Before something is done that can be undone. */
  remember(deed: string): void {
    if (this.seen) this.past = [...this.past.slice(-49), { deed, seen: this.seen, wishes: this.wishes, texts: this.typed() }];
  }

  forget(): void {
    this.past = this.past.slice(0, -1);
  }

  undo(): string {
    const before = this.past.at(-1);
    if (!before) return "";
    this.forget();
    this.seen = before.seen;
    this.wishes = before.wishes;
    this.all = before.seen.captions.map((caption, n) => new Row(caption, before.seen.captions[n + 1], before.seen.limits));
    this.type(before.texts);
    return before.deed;
  }

  /** The wishes with one caption cut in two before its word number `at`. */
  split(row: Row, at: number): Wish[] {
    const { clip, start, end, spoken } = row.caption;
    const [last, first] = [spoken[at - 1], spoken[at]];
    if (!last || !first) return this.wishes;
    const times = this.times(row);
    return [
      ...this.others(row),
      { clip, start, end: last.end, shape: "made", at_s: times.at_s, until_s: null },
      { clip, start: first.start, end, shape: "made", at_s: null, until_s: times.until_s },
    ];
  }

  /** The wishes with a caption and the next one made one. */
  join(row: Row, next: Row): Wish[] {
    const others = this.others(row).filter((wish) => !next.meets(wish));
    const { clip, start } = row.caption;
    const [at_s, until_s] = [this.times(row).at_s, this.times(next).until_s];
    return [...others, { clip, start, end: next.caption.end, shape: "made", at_s, until_s }];
  }

  /** The wishes with a caption that comes or goes at another time. */
  time(row: Row, moved: { at_s?: number; until_s?: number }): Wish[] {
    const { clip, start, end } = row.caption;
    return [...this.others(row), { clip, start, end, shape: "made", ...this.times(row), ...moved }];
  }

  /** The wishes with a caption left to the planner again. */
  release(row: Row): Wish[] {
    const { clip, start, end } = row.caption;
    return [...this.others(row), { clip, start, end, shape: "planned", at_s: null, until_s: null }];
  }

  /** What is sent to be saved: first how captions are made, then what they read. */
  toSend(): Wish[] {
    const worded = this.all.filter((row) => row.changed);
    return [
      ...this.wishes,
      ...worded.map(({ caption, words }): Wish => ({ clip: caption.clip, start: caption.start, end: caption.end, shape: "kept", words })),
    ];
  }

  /** The times that a person has given a caption. */
  private times({ caption }: Row): { at_s: number | null; until_s: number | null } {
    return { at_s: caption.comes_by_hand ? caption.at_s : null, until_s: caption.goes_by_hand ? caption.until_s : null };
  }

  private others(row: Row): Wish[] {
    return this.wishes.filter((wish) => !row.meets(wish));
  }

  private typed(): Map<string, string> {
    return new Map(this.all.filter((row) => row.changed).map((row) => [row.place, row.text]));
  }

  /** Put texts where they belong; those are left that found no caption. */
  private type(typed: Map<string, string>): string[] {
    for (const row of this.all) {
      const text = typed.get(row.place);
      if (text !== undefined) row.text = text;
      typed.delete(row.place);
    }
    return [...typed.values()];
  }
}

/** Before which spoken word a text is cut when it is cut before its word number `token` of `tokens`. */
export function wordAt(token: number, tokens: number, spoken: number): number {
  return token <= tokens / 2 ? token : spoken - (tokens - token);
}

/** How often something stands in the texts of captions, and in how many of them. */
export function found(rows: Row[], sought: string, exactly: boolean): { times: number; rows: Row[] } {
  const pattern = patternOf(sought, exactly);
  if (!pattern) return { times: 0, rows: [] };
  const counts = rows.map((row) => [...row.text.matchAll(pattern)].length);
  return { times: counts.reduce((sum, n) => sum + n, 0), rows: rows.filter((_, n) => counts[n]) };
}

export function replaced(text: string, sought: string, by: string, exactly: boolean): string {
  const pattern = patternOf(sought, exactly);
  return pattern ? text.replace(pattern, () => by) : text;
}

function patternOf(sought: string, exactly: boolean): RegExp | null {
  return sought ? new RegExp(sought.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), exactly ? "gu" : "giu") : null;
}
