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
    corrections();
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
    if (!list || list.childElementCount || list.matches(".mend") || !track.cues) return;
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

/** Captions that are corrected in place: their times lead into the film, the one heard is marked, changes are counted. */
function corrections() {
  const form = document.getElementById("corrections");
  const video = document.getElementById("film");
  if (!form || form.dataset.ready) return;
  form.dataset.ready = "yes";
  const rows = [...form.querySelectorAll("li[data-at]")];
  for (const row of rows) {
    const at = row.querySelector(".at");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "at";
    button.textContent = at.textContent;
    button.setAttribute("aria-label", `Hear the film at ${at.textContent}`);
    button.addEventListener("click", () => {
      video.currentTime = Number(row.dataset.at);
      video.play().catch(() => {});
    });
    at.replaceWith(button);
  }
  video?.addEventListener("timeupdate", () => {
    for (const row of rows) {
      const heard = video.currentTime >= Number(row.dataset.at) && video.currentTime < Number(row.dataset.until);
      if (heard) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  });
  const send = document.getElementById("send-corrections");
  const told = document.getElementById("corrected");
  const count = () => {
    let changed = 0;
    for (const row of rows) {
      const field = row.querySelector("textarea");
      const other = field.value.replace(/\s+/g, " ").trim() !== field.defaultValue;
      row.classList.toggle("changed", other);
      changed += other;
    }
    const retyped = document.querySelector("#job .error") !== null;
    send.disabled = changed === 0 && !retyped;
    told.textContent = changed ? `${changed} ${changed === 1 ? "caption" : "captions"} changed` : "";
  };
  form.addEventListener("input", count);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("textarea")) event.preventDefault();
  });
  count();
}

review();
corrections();
follow();
