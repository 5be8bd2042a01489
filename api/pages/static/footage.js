// The footage page: choose files, say what each one is, send them, and see what we think of them.

import { announce, refresh } from "./http.js";
import { Upload } from "./upload.js";

const page = document.getElementById("footage");
const place = { agency: page.dataset.agency, project: page.dataset.project };
const picker = document.getElementById("files");
const list = document.getElementById("chosen");
const send = document.getElementById("send");
const pattern = document.getElementById("chosen-file");
const transcripts = new Map();
let rows = [];
let sending = false;

const WORDS = /\.(srt|vtt|txt)$/i;
const stem = (name) => name.replace(/\.[^.]+$/, "").toLowerCase();

function kindOf(file) {
  if (file.type.startsWith("image/") || /\.(heic|heif|jpe?g|png|webp)$/i.test(file.name)) return "photo";
  if (file.type.startsWith("audio/") || /\.(wav|mp3|m4a|ogg|flac|aac)$/i.test(file.name)) return "sound";
  return "video";
}

function add(file) {
  const row = pattern.content.cloneNode(true).firstElementChild;
  const number = `f${Math.random().toString(36).slice(2)}`;
  for (const field of row.querySelectorAll("[data-field]")) {
    field.id = `${number}-${field.dataset.field}`;
    row.querySelector(`[data-for="${field.dataset.field}"]`)?.setAttribute("for", field.id);
  }
  const kind = kindOf(file);
  row.querySelector("h3").textContent = file.name;
  row.querySelector("[data-size]").textContent = size(file.size);
  const use = row.querySelector('[data-field="slot"]');
  for (const option of [...use.options]) if (!option.dataset.kinds.split(" ").includes(kind)) option.remove();
  const entry = { file, row, use, done: false };
  const show = () => {
    row.querySelector("[data-interview]").hidden = use.selectedOptions[0]?.dataset.takes !== "interview";
    row.querySelector("[data-words]").hidden = !["interview", "narration"].includes(use.selectedOptions[0]?.dataset.takes);
  };
  use.addEventListener("change", show);
  // a file named for a slot goes there unless the sender says otherwise
  const named = [...use.options].find((option) => stem(file.name).includes(option.value));
  if (named) use.value = named.value;
  show();
  row.querySelector("[data-remove]").addEventListener("click", () => {
    rows = rows.filter((other) => other !== entry);
    row.remove();
    ready();
    picker.focus();
  });
  list.append(row);
  rows.push(entry);
}

function ready() {
  const waiting = rows.filter((entry) => !entry.done).length;
  send.disabled = sending || waiting === 0;
  send.textContent = waiting > 1 ? `Send ${waiting} files` : "Send this file";
  send.hidden = waiting === 0;
}

function take() {
  for (const file of picker.files) {
    if (WORDS.test(file.name)) transcripts.set(stem(file.name), file);
    else add(file);
  }
  for (const entry of rows) {
    const words = transcripts.get(stem(entry.file.name));
    if (words) entry.row.querySelector("[data-found]").textContent = `We will use ${words.name}.`;
  }
  picker.value = "";
  document.getElementById("guide").open = false;
  ready();
  announce(`${rows.filter((entry) => !entry.done).length} files chosen. Say what each one is, then send them.`);
}

async function sendOne(entry) {
  const { file, row } = entry;
  const bar = row.querySelector("progress");
  const tally = row.querySelector("[data-tally]");
  const value = (name) => row.querySelector(`[data-field="${name}"]`).value.trim() || null;
  row.querySelector("[data-progress]").hidden = false;
  row.querySelector("[data-remove]").hidden = true;
  row.querySelector("fieldset").disabled = true;
  const chosen = entry.use.value;
  const interview = entry.use.selectedOptions[0]?.dataset.takes === "interview";
  const words = row.querySelector('[data-field="transcript"]').files[0] ?? transcripts.get(stem(file.name));
  const details = {
    slot: chosen === "music" ? null : chosen || null,
    music: chosen === "music",
    speaker_name: interview ? value("speaker") : null,
    speaker_role: interview ? value("role") : null,
    transcript: words ? words.name : null,
  };
  const tell = (share, said) => {
    bar.value = share;
    tally.textContent = said || `${Math.floor(share * 100)} % sent`;
  };
  try {
    if (words) await new Upload(words, place, {}, () => {}).send();
    await new Upload(file, place, details, tell).send();
    entry.done = true;
    row.remove();
    announce(`${file.name} has arrived.`);
    await refresh("clips", "coach");
  } catch (error) {
    row.querySelector("fieldset").disabled = false;
    row.querySelector("[data-remove]").hidden = false;
    tally.textContent = error.message;
    announce(`${file.name} was not sent. ${error.message}`);
  }
}

send.addEventListener("click", async () => {
  sending = true;
  ready();
  picker.disabled = true;
  for (const entry of rows.filter((other) => !other.done)) await sendOne(entry);
  rows = rows.filter((entry) => !entry.done);
  sending = false;
  picker.disabled = false;
  ready();
  follow();
});

addEventListener("beforeunload", (event) => { if (sending) event.preventDefault(); });

let following = false;
async function follow() {
  if (following) return;
  following = true;
  while (document.querySelector("#clips [data-open]")) {
    await new Promise((resolve) => { setTimeout(resolve, 1500); });
    await refresh("clips", "coach").catch(() => {});
  }
  following = false;
}

function size(bytes) {
  const mega = bytes / 1e6;
  return mega >= 1000 ? `${(mega / 1000).toFixed(1)} GB` : `${mega.toFixed(mega < 10 ? 1 : 0)} MB`;
}

picker.addEventListener("change", take);
ready();
// on a slow line a person chooses files before this script has arrived
if (picker.files.length) take();
follow();
