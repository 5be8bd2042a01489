// Changes of a storyboard's text that a form makes: beats change places, values are written anew. Letters are counted as
// the server counts them, by code points; a text in the browser counts some letters twice.

import type { Schemas } from "../api/client";

export type Item = Schemas["Item"];
export type Change = { from: number; to: number; insert: string };

/** Where a count of code points lies in a text of the browser. */
export function unitOf(text: string, points: number): number {
  let units = 0;
  for (const letter of text) {
    if (points-- <= 0) break;
    units += letter.length;
  }
  return units;
}

/** Two neighbouring beats in each other's place; null when they do not stand on lines of their own. */
export function swapped(text: string, items: readonly Item[], at: number): Change | null {
  const one = items[at];
  const other = items[at + 1];
  if (!one || !other || !one.first || !other.first || one.last + 1 !== other.first) return null;
  const lines = text.split(/(?<=\n)/);
  const above = lines.slice(one.first - 1, one.last);
  const below = lines.slice(other.first - 1, other.last).map((line) => (line.endsWith("\n") ? line : `${line}\n`));
  const from = lines.slice(0, one.first - 1).join("").length;
  return { from, to: from + lines.slice(one.first - 1, other.last).join("").length, insert: [...below, ...above].join("") };
}

/** The lines of a beat taken out. */
export function removed(text: string, item: Item): Change | null {
  if (!item.first) return null;
  const lines = text.split(/(?<=\n)/);
  const from = lines.slice(0, item.first - 1).join("").length;
  return { from, to: from + lines.slice(item.first - 1, item.last).join("").length, insert: "" };
}

/** A beat put after another, on a line of its own as that one stands. */
export function added(text: string, item: Item, beat: string): Change | null {
  const lines = text.split(/(?<=\n)/);
  const dash = lines.slice(Math.max(item.first - 1, 0), item.last).find((line) => /^\s*- /.test(line));
  if (!item.first || dash === undefined) return null;
  const above = lines.slice(0, item.last).join("");
  const indent = /^\s*/.exec(dash)?.[0] ?? "";
  return { from: above.length, to: above.length, insert: `${above.endsWith("\n") ? "" : "\n"}${indent}- ${beat}\n` };
}

/** A card's line written anew; one that is emptied goes, unless it is the only one; one after the last is added. */
export function worded(text: string, lines: Item["lines"], n: number, words: string): Change | null {
  const spans = lines.map((line) => ({ from: unitOf(text, line.start), to: unitOf(text, line.end) }));
  const [before, one, after] = [spans[n - 1], spans[n], spans[n + 1]];
  const near = one ?? before;
  if (!near) return null;
  const begin = text.lastIndexOf("\n", near.from - 1) + 1;
  const lead = text.slice(begin, near.from);
  const own = /^\s*- $/.test(lead);
  if (!one) return words ? { from: near.to, to: near.to, insert: (own ? `\n${lead}` : ", ") + JSON.stringify(words) } : null;
  if (words) return { ...one, insert: JSON.stringify(words) };
  if (!before && !after) return null;
  if (own) return { from: begin, to: text.indexOf("\n", one.to) + 1 || text.length, insert: "" };
  return { from: before ? before.to : one.from, to: before || !after ? one.to : after.from, insert: "" };
}
