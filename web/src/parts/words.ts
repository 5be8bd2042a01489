// Sizes, times and shares in words.

export const percent = (share: number): string => `${Math.floor(share * 100)} %`;

/** 8.4 MB, 1.2 GB. */
export function size(bytes: number): string {
  const mega = bytes / 1e6;
  if (mega >= 1000) return `${(mega / 1000).toFixed(1)} GB`;
  return mega < 0.1 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${mega.toFixed(mega < 10 ? 1 : 0)} MB`;
}

/** “about 3 minutes left”; nothing while nobody can tell. */
export function left(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "";
  if (seconds < 60) return "less than a minute left";
  const minutes = Math.round(seconds / 60);
  return `about ${minutes} ${minutes === 1 ? "minute" : "minutes"} left`;
}

/** 1:05 */
export const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

/** As many whole words as fit a width of CSS pixels, for letters of about this one; nothing where not even the first does. */
export function fitting(words: string, width: number, letter: number): string {
  const all = words.split(" ");
  while (all.length && all.join(" ").length * letter > width) all.pop();
  return all.join(" ");
}
