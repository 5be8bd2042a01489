// What is said in a clip, as a file: named as the clip is, so that two clips never share one by mistake.

const bare = (name: string): string => name.replace(/\.[^.]+$/, "");

export const WORDS = /\.(srt|vtt|txt)$/i;

/** Of what was typed and what was chosen the former; nothing where there is neither. */
export function wordsFor(clip: string, typed: string, chosen?: File): File | undefined {
  if (typed.trim()) return new File([typed], `${bare(clip)}.txt`, { type: "text/plain" });
  if (!chosen?.name) return undefined;
  const ending = WORDS.exec(chosen.name)?.[0].toLowerCase() ?? ".txt";
  return new File([chosen], bare(clip) + ending, { type: chosen.type, lastModified: chosen.lastModified });
}
