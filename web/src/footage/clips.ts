// What we have: waveforms are drawn, and what a person says of a clip is sent.

import { answer, api, Problem, type Schemas } from "../api/client";
import { announce } from "../parts/announce";
import { wordsFor } from "./transcript";
import { Upload } from "./upload";

interface Outline {
  rate: number;
  peaks: number[];
}

const BARS = 120;
const outlines = new Map<string, Promise<Outline>>();

/** Draw and wire whatever is new among the clips; `saved` hears when something was said of one. */
export function showClips(saved: () => Promise<void>): void {
  for (const place of document.querySelectorAll<SVGElement>("#clips [data-wave]:empty")) void draw(place);
  for (const form of document.querySelectorAll<HTMLFormElement>("#clips .describe form:not([data-ready])")) {
    form.dataset.ready = "";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void describe(form, saved);
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

/** Write down what is said of a clip. */
export const tell = (id: string, agency: string, details: Schemas["Details"]): Promise<unknown> =>
  answer(api.PUT("/v1/clips/{clip_id}/details", { params: { path: { clip_id: id }, query: { agency } }, body: details }));

async function describe(form: HTMLFormElement, saved: () => Promise<void>): Promise<void> {
  const row = form.closest<HTMLElement>("[data-clip]");
  const { agency = "", project = "" } = document.getElementById("footage")?.dataset ?? {};
  const told = form.querySelector("[role=status]");
  if (!row || !told) return;
  const said = new FormData(form);
  const word = (name: string): string | null => String(said.get(name) ?? "").trim() || null;
  const chosen = said.get("transcript");
  const words = wordsFor(row.dataset.name ?? "", word("words") ?? "", chosen instanceof File ? chosen : undefined);
  const known = JSON.parse(row.dataset.details ?? "{}") as Schemas["Details"];
  const use = form.querySelector<HTMLSelectElement>("[name=slot]")?.selectedOptions[0];
  // words are for somebody who is heard: where scenes are silent, we look for a better place
  const slot = words && use?.dataset.takes === "broll" ? null : word("slot");
  const waits = (): void => void (told.textContent = "Waiting for the connection.");
  told.textContent = "";
  try {
    await tell(row.dataset.clip ?? "", agency, {
      ...known,
      slot: slot === "music" || slot === "left-out" ? null : slot,
      music: slot === "music",
      left_out: slot === "left-out",
      speaker_name: word("speaker"),
      speaker_role: word("role"),
      transcript: words?.name ?? known.transcript ?? null,
    });
    if (words) await new Upload(words, { agency, project }, {}, { begun() {}, at() {}, waits }).send();
    told.textContent = "";
    keep(form);
    await saved();
    announce("Saved. The next film heeds it.");
  } catch (error) {
    told.textContent = error instanceof Problem ? error.message : "That was not saved. Try again.";
  }
}

/** What stands in a form is what is known now. */
function keep(form: HTMLFormElement): void {
  for (const field of form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")) {
    if (["words", "transcript"].includes(field.name)) field.value = "";
    else field.defaultValue = field.value;
  }
  for (const one of form.querySelectorAll("option")) one.defaultSelected = one.selected;
}
