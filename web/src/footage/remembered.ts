// What was on its way when the page was left: remembered by this browser, so that the same file goes on where it stopped.

import { digestOf } from "./digest";
import type { Details, Place } from "./upload";

export interface Remembered extends Place {
  id: string;
  name: string;
  size: number;
  modified: number;
  part_size: number;
  first: string;
  share: number;
  details: Details;
}

const AT = "promisereel.uploads";

function all(): Remembered[] {
  try {
    return JSON.parse(localStorage.getItem(AT) ?? "[]") as Remembered[];
  } catch {
    return [];
  }
}

function keep(list: Remembered[]): void {
  try {
    localStorage.setItem(AT, JSON.stringify(list));
  } catch {
    // a browser that keeps nothing sends files all the same
  }
}

export const unfinished = (place: Place): Remembered[] =>
  all().filter((one) => one.project === place.project && one.agency === place.agency);

export const remember = (one: Remembered): void => keep([...all().filter((other) => other.id !== one.id), one]);

export const forget = (id: string): void => keep(all().filter((one) => one.id !== id));

export const firstPart = (file: File, part_size: number): Promise<string> => digestOf(file.slice(0, part_size));

/** The unfinished one that this very file is: the same name, size, date and first part. */
export async function sameAs(file: File, among: Remembered[]): Promise<Remembered | undefined> {
  const alike = among.filter(
    (one) => one.name === file.name && one.size === file.size && one.modified === file.lastModified,
  );
  for (const one of alike) if ((await firstPart(file, one.part_size)) === one.first) return one;
  return undefined;
}
