// What a caption comes to, held against the limits that the service gives.

import type { Schemas } from "../api/client";

export type Caption = Schemas["CaptionOut"];
export type Limits = Schemas["CaptionLimits"];

/** A caption as it stands now: what is told of it, and in which ways it is over a limit. */
export interface Figures {
  told: string;
  over: string[];
}

export const tidy = (text: string): string => text.replace(/\s+/g, " ").trim();

const lengthOf = (text: string): number => [...text].length;
const tenths = (value: number): string => (Math.ceil(value * 10 - 1e-6) / 10).toFixed(1);

/** How many lines of this width words take when each is filled as far as it goes. */
function linesAt(width: number, lengths: number[]): number {
  let lines = 1;
  let at = -1;
  for (const length of lengths) {
    if (at + 1 + length > width) {
      lines += 1;
      at = length;
    } else at += 1 + length;
  }
  return lines;
}

/** The longest line of a text that is broken as evenly as so many lines allow. */
export function longestLine(text: string, lines: number): number {
  const lengths = text.split(" ").map(lengthOf);
  let width = Math.max(...lengths);
  while (linesAt(width, lengths) > lines) width += 1;
  return width;
}

/** `words` are tidy; `following` is the caption that comes next. Times are a thousandth of a second off at most. */
export function figuresOf(caption: Caption, words: string, following: Caption | undefined, limits: Limits): Figures {
  if (!words) return { told: "Nothing to read", over: ["it needs words, for what is said must be read"] };
  const dash = caption.lines[0]?.startsWith("- ") ? "- " : "";
  const text = dash + words;
  const seconds = caption.until_s - caption.at_s;
  const speed = lengthOf(text) / seconds;
  const unchanged = words === caption.words;
  const longest = unchanged ? Math.max(...caption.lines.map(lengthOf)) : longestLine(text, limits.lines);
  const gap = following ? following.at_s - caption.until_s : limits.gap_s;
  const over: string[] = [];
  if (speed > limits.characters_a_second + 0.01)
    over.push(`${tenths(speed)} characters a second are more than ${limits.characters_a_second}`);
  if (longest > limits.line_characters) over.push(`it does not fit ${limits.lines} lines of ${limits.line_characters} characters`);
  if (seconds < limits.shortest_s - 0.002) over.push(`${seconds.toFixed(2)} s are shorter than ${limits.shortest_s.toFixed(2)} s`);
  if (seconds > limits.longest_s + 0.002) over.push(`${tenths(seconds)} s are longer than ${limits.longest_s} s`);
  if (gap < limits.gap_s - 0.002) over.push(`the next comes sooner than ${limits.gap_s.toFixed(2)} s after it`);
  const line = unchanged ? "longest line" : "longest line at best";
  return { told: `${tenths(speed)} a second, ${line} ${longest} of ${limits.line_characters}, ${seconds.toFixed(1)} s`, over };
}

/** 1:05.3 */
export const moment = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${(Math.floor((seconds % 60) * 10 + 1e-6) / 10).toFixed(1).padStart(4, "0")}`;
