// The board: keys to go through its lines, and a fresh look at what is under way.

import { refresh } from "./http.js";

const FRESH_MS = 20_000;
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

const list = () => document.getElementById("board");
const links = () => [...list().querySelectorAll("[data-line]")];

function go(to) {
  const all = links();
  all[Math.max(0, Math.min(all.length - 1, to))]?.focus();
}

// Letters count only while the focus is in the list, so that they are never in the way of typing or of a reader's keys.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !list().contains(document.activeElement)) return;
  const here = document.activeElement.closest(".line");
  const at = links().findIndex((link) => here?.contains(link));
  const way = here?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (event.key in STEPS) go(at + STEPS[event.key]);
  else if (event.key === "Home") go(0);
  else if (event.key === "End") go(links().length - 1);
  else if (way) way.click();
  else if (event.key === "/") document.getElementById("stage").focus();
  else return;
  event.preventDefault();
});

async function look() {
  if (document.hidden || !list().querySelector("progress")) return;
  const held = document.activeElement?.dataset?.line;
  await refresh("board").catch(() => {});
  if (held && !document.activeElement?.dataset?.line) links().find((link) => link.dataset.line === held)?.focus();
}

document.getElementById("keys").hidden = !links().length;
setInterval(look, FRESH_MS);
