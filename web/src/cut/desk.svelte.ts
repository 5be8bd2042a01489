// The film as it is being cut: what was read, what is decided, what the server says comes of it.

import { answer, api, Problem, type Schemas } from "../api/client";
import { announce } from "../parts/announce";
import { clock, many } from "../parts/words";
import { type Beat, type Edits, type Film, RATE, same } from "./edits";

export type Trial = Schemas["TrialOut"];
export type Place =
  | { kind: "shot"; slot: string; nth: number; index: number }
  | { kind: "card"; card: string; nth: number }
  | { kind: "music" };

export interface Part {
  place: Place;
  at: number;
  until: number;
  label: string;
  told: string;
  by_hand: boolean;
}

const WAIT_MS = 250;
/** Changes of one thing that follow each other sooner are taken back together. */
const ONE_MOVE_MS = 1000;

export const named = (slot: string): string => `${slot[0]?.toUpperCase() ?? ""}${slot.slice(1).replaceAll("_", " ")}`;

export class Cutting {
  seen = $state.raw<Schemas["CutOut"] | null>(null);
  draft = $state.raw<Edits>({} as Edits);
  /** The film as the draft makes it, as far as the draft holds. */
  film = $state.raw<Film | null>(null);
  trial = $state.raw<Trial | null>(null);
  trouble = $state("");
  /** Why the draft makes no film. */
  refused = $state("");
  chosen = $state.raw<Place | null>(null);
  private tried = $state.raw<Edits | null>(null);
  private known: string[] = [];
  private past = $state.raw<Edits[]>([]);
  private future = $state.raw<Edits[]>([]);
  private last = { what: "", at: 0 };
  private waiting: ReturnType<typeof setTimeout> | undefined;

  readonly changed: boolean = $derived.by(() => this.seen !== null && !same(this.draft, this.seen.edits));
  readonly fresh: boolean = $derived.by(() => this.tried === this.draft);
  readonly undoable: boolean = $derived.by(() => this.past.length > 0);
  readonly redoable: boolean = $derived.by(() => this.future.length > 0);
  /** What does not hold of the draft and was not so before. */
  readonly misfits = $derived.by(() => (this.trial?.film.misfits ?? []).filter((one) => !this.known.includes(one.subject + one.words)));
  readonly parts: Part[] = $derived.by(() => (this.film ? partsOf(this.film) : []));

  constructor(
    readonly agency: string,
    readonly job: string,
  ) {}

  readonly params = () => ({ path: { job_id: this.job }, query: { agency: this.agency } });

  why(subject: string): string {
    return this.misfits.filter((one) => one.subject === subject).map((one) => one.words).join(" ");
  }

  beat(place: { slot: string; nth: number }): Beat | undefined {
    return this.film?.beats.find((one) => one.slot === place.slot && one.nth === place.nth);
  }

  async load(): Promise<void> {
    try {
      this.take(await answer(api.GET("/v1/jobs/{job_id}/cut", { params: this.params() })));
      this.trouble = "";
    } catch (error) {
      this.trouble = error instanceof Problem ? error.message : String(error);
    }
  }

  /** Take in the film and the edits of now, with a draft that lies over them. */
  take(seen: Schemas["CutOut"], draft: Edits = seen.edits): void {
    this.seen = seen;
    this.film ??= seen.film;
    this.known = seen.film.misfits.map((one) => one.subject + one.words);
    this.past = [];
    this.future = [];
    this.draft = draft;
    this.chosen ??= this.parts[0]?.place ?? null;
    void this.look(draft);
  }

  /** Decide something anew; `what` names it, and `told` says it to those who do not see it. */
  change(next: Edits, what: string, told: string): void {
    if (same(next, this.draft)) return;
    const now = Date.now();
    if (what !== this.last.what || now - this.last.at > ONE_MOVE_MS) this.past = [...this.past, this.draft];
    this.last = { what, at: now };
    this.future = [];
    this.go(next, told);
  }

  undo(): void {
    const before = this.past.at(-1);
    if (!before) return;
    this.past = this.past.slice(0, -1);
    this.future = [this.draft, ...this.future];
    this.last.what = "";
    this.go(before, "Undone.");
  }

  redo(): void {
    const [next, ...others] = this.future;
    if (!next) return;
    this.past = [...this.past, this.draft];
    this.future = others;
    this.last.what = "";
    this.go(next, "Done again.");
  }

  private go(next: Edits, told: string): void {
    // What was tried already, as after an undo at once, need not be asked again.
    this.draft = next;
    announce(told);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => void this.look(next), WAIT_MS);
  }

  async look(edits: Edits): Promise<void> {
    try {
      const trial = await answer(api.POST("/v1/jobs/{job_id}/cut/trial", { params: this.params(), body: { edits } }));
      if (edits !== this.draft) return;
      this.trial = trial as Trial;
      this.refused = "";
      if (this.seen && same(edits, this.seen.edits)) this.known = trial.film.misfits.map((one) => one.subject + one.words);
      if (!this.misfits.length) this.film = trial.film;
      this.tried = edits;
      if (this.changed) announce(this.misfits[0]?.words ?? this.told);
    } catch (error) {
      if (edits !== this.draft) return;
      this.refused = error instanceof Problem ? sentence(error.message) : String(error);
      this.tried = edits;
    }
  }

  /** What is made again, in one sentence. */
  get told(): string {
    const cost = this.trial?.render;
    if (!cost) return "";
    if (!cost.made_again && !cost.sound) return "Nothing of the film is made again.";
    const frames = cost.spans.reduce((sum, [from, until]) => sum + until - from, 0);
    const pieces = `${cost.made_again} of ${many(cost.pieces, "piece")} ${cost.made_again === 1 ? "is" : "are"} made again`;
    const length = this.trial?.film.frames ?? 0;
    const much = cost.made_again ? `, ${clock(frames / RATE)} of ${clock(length / RATE)}` : "";
    return `${pieces}${much}${cost.sound ? "; the sound is mixed again" : ""}. ${lasting(cost)}`;
  }
}

/** How long making it takes, as it went lately. */
export function lasting(cost: Schemas["Cost"]): string {
  if (cost.seconds === null) return "How long that takes is not known yet: no film was made here.";
  const time = cost.seconds < 90 ? `${Math.max(1, Math.ceil(cost.seconds))} s` : `${Math.round(cost.seconds / 60)} min`;
  return `That takes about ${time} once its turn comes${cost.scaled ? ", as far as films of another size tell" : ""}.`;
}

export const sentence = (words: string): string => `${words[0]?.toUpperCase() ?? ""}${words.slice(1).replace(/\.$/, "")}.`;

function partsOf(film: Film): Part[] {
  const shots = film.beats.flatMap((beat) =>
    beat.shots.map((shot, index): Part => {
      const next = beat.shots[index + 1];
      const until = Math.min(next?.at ?? beat.until, shot.at + shot.end - shot.start);
      return {
        place: { kind: "shot", slot: beat.slot, nth: beat.nth, index },
        at: shot.at,
        until,
        label: shot.file,
        told: `${beat.title}, shot ${index + 1} of ${beat.shots.length}: ${shot.file}`,
        by_hand: beat.by_hand,
      };
    }),
  );
  const cards = film.cards.map((card): Part => ({
    place: { kind: "card", card: card.card, nth: card.nth },
    at: card.at,
    until: card.until,
    label: named(card.card),
    told: `${named(card.card)} card: ${card.lines.join(" ")}`,
    by_hand: card.by_hand,
  }));
  return [...shots, ...cards].sort((one, other) => one.at - other.at);
}
