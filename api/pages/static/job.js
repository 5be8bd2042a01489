// The job page: follow the work by server-sent events, by asking every few seconds when those do not come through.

import { announce, call, refresh } from "./http.js";

const REST = ["in_review", "approved", "delivered", "failed", "cancelled"];

function page() {
  return document.getElementById("job");
}

function show(job) {
  const bar = document.getElementById("progress");
  if (bar) bar.value = job.progress;
  const left = document.getElementById("left");
  if (left) left.textContent = `${Math.floor(job.progress * 100)} % done${remaining(job.eta_s)}`;
}

function remaining(seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 60) return ", less than a minute left";
  const minutes = Math.round(seconds / 60);
  return `, about ${minutes} ${minutes === 1 ? "minute" : "minutes"} left`;
}

async function look() {
  const { job, agency } = page().dataset;
  const seen = await call("GET", `/v1/jobs/${job}?agency=${encodeURIComponent(agency)}`);
  show(seen);
  if (seen.state !== page().dataset.state) {
    await refresh("job");
    announce(document.getElementById("state-words")?.textContent ?? "");
    review();
  }
  return seen;
}

async function poll() {
  while (!REST.includes(page().dataset.state)) {
    await new Promise((resolve) => { setTimeout(resolve, 2500); });
    await look().catch((error) => announce(error.message));
  }
}

function follow() {
  if (REST.includes(page().dataset.state)) return;
  const { job, agency } = page().dataset;
  const source = new EventSource(`/v1/jobs/${job}/events?agency=${encodeURIComponent(agency)}`);
  let busy = false;
  const changed = async () => {
    if (busy) return;
    busy = true;
    await look().catch(() => {});
    busy = false;
    if (REST.includes(page().dataset.state)) source.close();
  };
  for (const kind of ["state", "step", "progress", "captions"]) source.addEventListener(kind, changed);
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED && !REST.includes(page().dataset.state)) poll();
  };
  setInterval(() => { if (!REST.includes(page().dataset.state)) changed(); }, 10_000);
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** The captions control beside the player and the captions as words that lead into the film. */
function review() {
  const video = document.getElementById("film");
  if (!video || video.dataset.ready) return;
  video.dataset.ready = "yes";
  const track = video.textTracks[0];
  const toggle = document.getElementById("captions-toggle");
  const list = document.getElementById("words");
  if (!track) return;
  track.mode = "showing";
  if (toggle) {
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      track.mode = track.mode === "showing" ? "hidden" : "showing";
      toggle.textContent = track.mode === "showing" ? "Captions: on" : "Captions: off";
    });
  }
  const fill = () => {
    if (!list || list.childElementCount || !track.cues) return;
    for (const cue of track.cues) {
      const item = document.createElement("li");
      const button = document.createElement("button");
      const at = document.createElement("span");
      const words = document.createElement("span");
      at.className = "at";
      at.textContent = clock(cue.startTime);
      words.textContent = cue.text.replace(/<[^>]*>/g, "").replace(/\s+/g, " ");
      button.type = "button";
      button.append(at, words);
      button.addEventListener("click", () => { video.currentTime = cue.startTime; });
      cue.addEventListener("enter", () => item.setAttribute("aria-current", "true"));
      cue.addEventListener("exit", () => item.removeAttribute("aria-current"));
      item.append(button);
      list.append(item);
    }
    list.closest("[data-words]").hidden = list.childElementCount === 0;
  };
  video.querySelector("track").addEventListener("load", fill);
  fill();
}

review();
follow();
