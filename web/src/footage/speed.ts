// How fast a file goes, over the last seconds.

const WINDOW_MS = 8000;

export class Speed {
  #seen: { at: number; bytes: number }[] = [];

  note(bytes: number, at: number): void {
    this.#seen.push({ at, bytes });
    while (this.#seen.length > 2 && at - this.#seen[0]!.at > WINDOW_MS) this.#seen.shift();
  }

  /** Bytes a second; 0 while nobody can tell. */
  get rate(): number {
    const first = this.#seen[0];
    const last = this.#seen.at(-1);
    if (!first || !last || last.at - first.at < 500) return 0;
    return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.at - first.at));
  }

  forget(): void {
    this.#seen = [];
  }
}
