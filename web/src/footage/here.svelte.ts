// What we have of the project, as this page tells it: looked at again while clips are being looked at, and brought up to
// date row by row, so that what somebody types in one is not lost.

import type { Schemas } from "../api/client";
import { announce } from "../parts/announce";
import { fetched, replace } from "../parts/refresh";
import { showClips } from "./clips";

export interface SentClip {
  id: string;
  name: string;
  details: Schemas["Details"];
}

const EVERY_MS = 1500;
/** Rows as they came, before anything was drawn in them. */
const came = new WeakMap<Element, string>();

const rowsOf = (list: Element | null | undefined): HTMLElement[] => [...(list?.querySelectorAll<HTMLElement>("[data-clip]") ?? [])];

const read = (row: HTMLElement): SentClip => ({
  id: row.dataset.clip ?? "",
  name: row.dataset.name ?? "",
  details: JSON.parse(row.dataset.details ?? "{}") as Schemas["Details"],
});

class Here {
  /** All that arrived. */
  clips = $state.raw<SentClip[]>([]);
  #watching = false;

  /** Take in what the page shows. */
  begin(): void {
    for (const row of rowsOf(document.getElementById("clip-list"))) came.set(row, row.outerHTML);
    this.#show();
    void this.watch();
  }

  /** Fetch the page again, and tell what is new. */
  async look(): Promise<void> {
    const fresh = await fetched().catch(() => undefined);
    if (!fresh) return;
    replace(fresh, "coach", "slots", "ready");
    const told = renew(document.getElementById("clip-list"), fresh.getElementById("clip-list"));
    this.#show();
    if (told.length) announce(told.join(" "));
  }

  /** Look again while clips are being looked at. */
  async watch(): Promise<void> {
    if (this.#watching) return;
    this.#watching = true;
    while (document.querySelector("#clips [data-open]")) {
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      await this.look();
    }
    this.#watching = false;
  }

  #show(): void {
    this.clips = rowsOf(document.getElementById("clip-list")).map(read);
    showClips(() => this.look().then(() => void this.watch()));
  }
}

export const here = new Here();

/** Bring our list up to date; returns the verdicts that are new. */
function renew(list: HTMLElement | null, fresh: HTMLElement | null): string[] {
  const told: string[] = [];
  const old = new Map(rowsOf(list).map((row) => [row.dataset.clip, row]));
  rowsOf(fresh).forEach((next, n) => {
    const held = old.get(next.dataset.clip);
    old.delete(next.dataset.clip);
    const waited = held === undefined || "open" in held.dataset;
    if (waited && !("open" in next.dataset)) told.push(next.dataset.told ?? "");
    const row = held ? renewed(held, next) : next;
    if (!held) came.set(row, row.outerHTML);
    if (list && list.children[n] !== row) list.insertBefore(row, list.children[n] ?? null);
  });
  for (const gone of old.values()) gone.remove();
  return told;
}

/** One row up to date: as it was where nothing changed, and with the form that somebody is in, even while it has none. */
function renewed(held: HTMLElement, next: HTMLElement): HTMLElement {
  const html = next.outerHTML;
  if (came.get(held) === html) return held;
  const form = held.querySelector<HTMLDetailsElement>(":scope > .describe");
  const fresh = next.querySelector<HTMLDetailsElement>(":scope > .describe");
  if (!form || !inUse(form)) {
    if (form?.open && fresh) fresh.open = true;
    came.set(next, html);
    held.replaceWith(next);
    return next;
  }
  for (const { name } of [...held.attributes]) held.removeAttribute(name);
  for (const { name, value } of [...next.attributes]) held.setAttribute(name, value);
  for (const part of [...held.children]) if (part !== form) part.remove();
  fresh?.remove();
  form.before(...next.children);
  came.set(held, "");
  return held;
}

/** Whether somebody is in a form, or left something in it that is not saved. */
function inUse(form: Element): boolean {
  if (form.contains(document.activeElement)) return true;
  const typed = [...form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")];
  const chosen = [...form.querySelectorAll("select")];
  return (
    typed.some((one) => one.value !== one.defaultValue) ||
    chosen.some((one) => one.selectedIndex !== Math.max(0, [...one.options].findIndex((given) => given.defaultSelected)))
  );
}
