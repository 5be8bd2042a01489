// Trying again: with full jitter, sooner when the network comes back, and not at all while a person paused.

import { Problem } from "../api/client";

const LONGEST_MS = 30_000;
const FIRST_MS = 500;

/** How long to wait before another try: anything up to a bound that doubles. */
export const backOff = (tries: number, chance: number): number => chance * Math.min(LONGEST_MS, FIRST_MS * 2 ** tries);

/** A gate that a person shuts and opens. */
export class Gate {
  #opened: (() => void) | undefined;
  #open = Promise.resolve();

  shut(): void {
    if (this.#opened) return;
    this.#open = new Promise((resolve) => (this.#opened = resolve));
  }

  open(): void {
    this.#opened?.();
    this.#opened = undefined;
  }

  get isShut(): boolean {
    return this.#opened !== undefined;
  }

  passed(): Promise<void> {
    return this.#open;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      removeEventListener("online", wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    addEventListener("online", wake);
  });
}

/** Try until it works; only what trying again cannot mend is raised. */
export async function patiently<T>(gate: Gate, ended: AbortSignal, waits: () => void, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    await gate.passed();
    ended.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      ended.throwIfAborted();
      const asked = error instanceof Problem && (error.passes || (error.status === 403 && tries < 5));
      if (!asked) throw error;
      if (gate.isShut) continue;
      waits();
      await pause(backOff(tries, Math.random()));
    }
  }
}
