// The captions beside the film: lines that lead into it, and lines that are corrected in place. They are in the page already,
// so that they can be read, corrected and sent without this script.

import { clock, many } from "../parts/words";
import { film } from "./film.svelte";

/** A list of the lines of the track, where the page has none to correct. */
export function listWords(): void {
  const list = document.getElementById("words");
  const track = document.querySelector<HTMLTrackElement>("#film track");
  if (!list || !track || list.matches(".mend")) return;
  const fill = (): void => {
    if (list.childElementCount) return;
    for (const cue of (track.track.cues ?? []) as Iterable<VTTCue>) {
      const item = document.createElement("li");
      const button = document.createElement("button");
      const at = document.createElement("span");
      const words = document.createElement("span");
      at.className = "at";
      at.textContent = clock(cue.startTime);
      words.textContent = cue.text.replace(/<[^>]*>/g, "").replace(/\s+/g, " ");
      button.type = "button";
      button.append(at, words);
      button.addEventListener("click", () => film.seek(cue.startTime));
      cue.addEventListener("enter", () => item.setAttribute("aria-current", "true"));
      cue.addEventListener("exit", () => item.removeAttribute("aria-current"));
      item.append(button);
      list.append(item);
    }
    const place = list.closest<HTMLElement>("[data-words]");
    if (place) place.hidden = list.childElementCount === 0;
  };
  track.addEventListener("load", fill);
  fill();
}

/** Times become buttons, the line that is heard is marked, and changes are counted. */
export function mendWords(): void {
  const form = document.getElementById("corrections");
  const send = document.getElementById("send-corrections") as HTMLButtonElement | null;
  const told = document.getElementById("corrected");
  if (!form || !send || !told) return;
  const rows = [...form.querySelectorAll<HTMLElement>("li[data-at]")];
  const fields = rows.map((row) => row.querySelector("textarea") as HTMLTextAreaElement);
  for (const row of rows) {
    const at = row.querySelector(".at");
    if (!at) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "at";
    button.textContent = at.textContent;
    button.setAttribute("aria-label", `Hear the film at ${at.textContent}`);
    button.addEventListener("click", () => film.seek(Number(row.dataset.at), true));
    at.replaceWith(button);
  }
  film.video?.addEventListener("timeupdate", () => {
    const now = film.video?.currentTime ?? 0;
    for (const row of rows) {
      if (now >= Number(row.dataset.at) && now < Number(row.dataset.until)) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  });
  const count = (): void => {
    const changed = fields.filter((field) => field.value.replace(/\s+/g, " ").trim() !== field.defaultValue);
    rows.forEach((row, n) => row.classList.toggle("changed", changed.includes(fields[n] as HTMLTextAreaElement)));
    const retyped = document.querySelector("#job [role=alert]") !== null;
    send.disabled = changed.length === 0 && !retyped;
    told.textContent = changed.length ? `${many(changed.length, "caption")} changed` : "";
  };
  form.addEventListener("input", count);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.target as Element).matches("textarea")) event.preventDefault();
  });
  count();
}
