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
