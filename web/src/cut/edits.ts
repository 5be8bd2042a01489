// What is decided by hand, as values: every change makes new edits, so that each of them can be taken back.

import type { Schemas } from "../api/client";

export type Film = Schemas["CutFilm"];
export type Beat = Schemas["CutBeat"];
export type Clip = Schemas["CutClip"];
export type Edits = Schemas["CutOut"]["edits"];
export type Cut = { clip: string; file: string; start: number | null; end: number | null };

/** Frames that a shot lasts at least; the server refuses less. */
export const SHORTEST = 30;
export const RATE = 30;

export const subjectOf = (beat: { slot: string; nth: number }): string => `beat ${beat.slot} ${beat.nth}`;

export const bare = (cut: { clip: string; file: string; start?: number | null; end?: number | null }): Cut => ({
  clip: cut.clip,
  file: cut.file,
  start: cut.start ?? null,
  end: cut.end ?? null,
});

const ofBeat = (edits: Edits, beat: { slot: string; nth: number }) =>
  (edits.beats ?? []).find((one) => one.slot === beat.slot && (one.nth ?? 1) === beat.nth);

/** What a beat is cut of: by hand where it is, with the points that the planner chose where none are given and it has. */
export function cutsOf(edits: Edits, beat: Beat): Cut[] {
  const cut = ofBeat(edits, beat)?.cuts.map(bare);
  const shown = beat.shots.map(bare);
  const planned = cut?.length === shown.length && cut.every((one, n) => one.clip === shown[n]?.clip);
  return !cut || (planned && cut.some((one) => one.start === null)) ? shown : cut;
}

/** The edits with a beat cut so, or left to the planner. */
export function withBeat(edits: Edits, beat: { slot: string; nth: number }, cuts: Cut[] | null): Edits {
  const others = (edits.beats ?? []).filter((one) => one !== ofBeat(edits, beat));
  return { ...edits, beats: cuts ? [...others, { slot: beat.slot, nth: beat.nth, cuts }] : others };
}

export function withCard(edits: Edits, card: { card: string; nth: number }, lines: string[] | null): Edits {
  const others = (edits.cards ?? []).filter((one) => one.card !== card.card || (one.nth ?? 1) !== card.nth);
  const kind = card.card as NonNullable<Edits["cards"]>[number]["card"];
  return { ...edits, cards: lines ? [...others, { card: kind, nth: card.nth, lines }] : others };
}

export function withName(edits: Edits, clip: { clip: string; file: string }, name: string | null, role: string): Edits {
  const others = (edits.lower_thirds ?? []).filter((one) => one.clip !== clip.clip);
  const named = { clip: clip.clip, file: clip.file, name: name ?? "", role: role || null };
  return { ...edits, lower_thirds: name === null ? others : [...others, named] };
}

/** What edits decide, each by the name of what it is about. */
function subjects(edits: Edits): Map<string, [keyof Edits, unknown]> {
  const found = new Map<string, [keyof Edits, unknown]>();
  for (const one of edits.left_out ?? []) found.set(`out ${one.clip}`, ["left_out", one]);
  for (const one of edits.slots ?? []) found.set(`slot ${one.clip}`, ["slots", one]);
  for (const one of edits.beats ?? []) found.set(`beat ${one.slot} ${one.nth ?? 1}`, ["beats", one]);
  for (const one of edits.cards ?? []) found.set(`card ${one.card} ${one.nth ?? 1}`, ["cards", one]);
  for (const one of edits.lower_thirds ?? []) found.set(`name ${one.clip}`, ["lower_thirds", one]);
  for (const one of edits.captions ?? []) found.set(`caption ${one.clip} ${one.start} ${one.was}`, ["captions", one]);
  return found;
}

export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What I decided since `base`, laid over what somebody else saved meanwhile. */
export function merged(base: Edits, mine: Edits, theirs: Edits): Edits {
  const [from, to, result] = [subjects(base), subjects(mine), subjects(theirs)];
  for (const [subject, told] of to) if (!same(told, from.get(subject))) result.set(subject, told);
  for (const subject of from.keys()) if (!to.has(subject)) result.delete(subject);
  const lists: Record<string, unknown[]> = { left_out: [], slots: [], beats: [], cards: [], lower_thirds: [], captions: [] };
  for (const [list, one] of result.values()) lists[list]?.push(one);
  const whole = { ...theirs, ...lists } as Edits;
  if (!same(mine.music_db, base.music_db)) whole.music_db = mine.music_db;
  if (!same(mine.music, base.music)) whole.music = mine.music;
  return whole;
}

/** The nearest frame to go to from another, one that parts no word: on the far side of a word that it would fall into. */
export function besideWords(clip: Clip | undefined, frame: number, by: number): number {
  const word = clip?.words.find((one) => one.start < frame && frame < one.end);
  return word ? (by < 0 ? word.start : word.end) : frame;
}

/** Where the next word begins or ends from a point on, in a direction. */
export function wordFrom(clip: Clip, frame: number, edge: "start" | "end", by: 1 | -1): number | null {
  const edges = clip.words.map((word) => word[edge]);
  return (by > 0 ? edges.find((one) => one > frame) : edges.findLast((one) => one < frame)) ?? null;
}

/** 1:05.12, the last two figures frames. */
export const timecode = (frame: number): string =>
  `${Math.floor(frame / 1800)}:${String(Math.floor(frame / 30) % 60).padStart(2, "0")}.${String(frame % 30).padStart(2, "0")}`;

/** The frame that somebody typed as 1:05.12, 65.5 s or 5; null when it cannot be read. */
export function frameOf(typed: string): number | null {
  const code = /^\s*(?:(\d+):)?(\d+)[.:](\d{2})\s*$/.exec(typed);
  if (code && Number(code[3]) < RATE) return (Number(code[1] ?? 0) * 60 + Number(code[2])) * RATE + Number(code[3]);
  const plain = /^\s*(?:(\d+):)?(\d+(?:\.\d+)?)\s*s?\s*$/.exec(typed);
  return plain ? Math.round((Number(plain[1] ?? 0) * 60 + Number(plain[2])) * RATE) : null;
}

/** 12.4 s */
export const seconds = (frames: number): string => `${(frames / RATE).toFixed(1)} s`;
