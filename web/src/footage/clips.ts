// What we have: waveforms are drawn, and what a person says of a clip is sent.

import { answer, api, Problem, type Schemas } from "../api/client";
import { announce } from "../parts/announce";
import { refresh } from "../parts/refresh";

interface Outline {
  rate: number;
  peaks: number[];
}

const BARS = 120;
const outlines = new Map<string, Promise<Outline>>();

/** Draw and wire whatever is new among the clips. */
export function showClips(): void {
  for (const place of document.querySelectorAll<SVGElement>("#clips [data-wave]:empty")) void draw(place);
  for (const form of document.querySelectorAll<HTMLFormElement>("#clips form[data-clip]:not([data-ready])")) {
    form.dataset.ready = "";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void describe(form);
    });
  }
}

async function draw(place: SVGElement): Promise<void> {
  const address = place.dataset.wave ?? "";
  const outline = outlines.get(address) ?? fetch(address).then((answered) => answered.json() as Promise<Outline>);
  outlines.set(address, outline);
  const { peaks } = await outline.catch(() => ({ peaks: [] as number[] }));
  if (!peaks.length) return;
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", outlined(peaks));
  place.replaceChildren(path);
}

/** The peaks as upright strokes around the middle of a box of 240 by 40. */
export function outlined(peaks: number[]): string {
  const bars = Math.min(BARS, peaks.length);
  let path = "";
  for (let bar = 0; bar < bars; bar += 1) {
    const from = Math.floor((bar * peaks.length) / bars);
    const until = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / bars));
    const high = Math.max(0.8, (Math.max(...peaks.slice(from, until)) / 255) * 19);
    path += `M${((bar + 0.5) * 240) / bars} ${(20 - high).toFixed(1)}v${(2 * high).toFixed(1)}`;
  }
  return path;
}

async function describe(form: HTMLFormElement): Promise<void> {
  const said = new FormData(form);
  const word = (name: string): string | null => String(said.get(name) ?? "").trim() || null;
  const known = JSON.parse(form.dataset.details ?? "{}") as Schemas["Details"];
  const slot = word("slot");
  const told = form.querySelector("[role=status]");
  try {
    await answer(
      api.PUT("/v1/clips/{clip_id}/details", {
        params: { path: { clip_id: form.dataset.clip ?? "" }, query: { agency: form.dataset.agency ?? "" } },
        body: { ...known, slot: slot === "music" ? null : slot, music: slot === "music", speaker_name: word("speaker"), speaker_role: word("role") },
      }),
    );
    (document.activeElement as HTMLElement | null)?.blur();
    await refresh("clips", "coach");
    showClips();
    announce("Saved. The next film heeds it.");
  } catch (error) {
    if (told) told.textContent = error instanceof Problem ? error.message : "That was not saved. Try again.";
  }
}
