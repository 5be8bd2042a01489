// One file to storage in parts: three at a time, each tried again until it arrives, resumed where it stopped.

import { call, Problem } from "./http.js";

const AT_ONCE = 3;
const STALL_MS = 60_000;
const LONGEST_WAIT_MS = 30_000;
const SIGN_AT_ONCE = 20;

export class Upload {
  /**
   * @param {File} file
   * @param {{agency: string, project: string}} place
   * @param {object} details slot, speaker_name, speaker_role, transcript, music
   * @param {(share: number, words: string) => void} onProgress
   */
  constructor(file, place, details, onProgress) {
    Object.assign(this, { file, place, details, onProgress });
    this.query = `?agency=${encodeURIComponent(place.agency)}`;
    this.sent = new Map();
    this.atOnce = AT_ONCE;
  }

  /** Send the file; resolves to the completed upload. */
  async send() {
    const plan = await this.#patiently(() => this.#open());
    const parts = Math.max(1, Math.ceil(this.file.size / plan.part_size));
    const held = await this.#patiently(() => call("GET", `/v1/uploads/${plan.id}${this.query}`));
    for (const part of held.parts) this.sent.set(part.n, part.size);
    this.#tell();
    const waiting = [];
    for (let n = 1; n <= parts; n += 1) if (!this.sent.has(n)) waiting.push(n);
    while (waiting.length) await this.#batch(plan, waiting.splice(0, SIGN_AT_ONCE));
    return this.#patiently(() => call("POST", `/v1/uploads/${plan.id}/complete${this.query}`, { body: {} }));
  }

  async #open() {
    const body = {
      project: this.place.project, name: this.file.name, size: this.file.size,
      type: this.file.type || "application/octet-stream", details: this.details,
    };
    const key = await digestText(JSON.stringify([body, this.file.lastModified]));
    const plan = await call("POST", `/v1/uploads${this.query}`, { body, headers: { "Idempotency-Key": key } });
    if (plan.state === "open") return plan;
    // the same file was sent before and is complete or was taken back: begin anew
    return call("POST", `/v1/uploads${this.query}`, { body, headers: { "Idempotency-Key": crypto.getRandomValues(new Uint32Array(4)).join("-") } });
  }

  async #batch(plan, numbers) {
    const wanted = [];
    for (const n of numbers) {
      const blob = this.#slice(plan, n);
      wanted.push(plan.checksum === "sha256" ? { n, sha256: await digestBlob(blob) } : { n });
    }
    const ready = await this.#sign(plan, wanted);
    const lane = async () => {
      for (let next = ready.shift(); next; next = ready.shift()) await this.#part(plan, next, wanted.find((part) => part.n === next.n));
    };
    await Promise.all(Array.from({ length: this.atOnce }, lane));
  }

  async #sign(plan, wanted) {
    const answer = await this.#patiently(() => call("POST", `/v1/uploads/${plan.id}/parts${this.query}`, { body: wanted }));
    return answer.parts;
  }

  async #part(plan, signed, wanted) {
    const blob = this.#slice(plan, signed.n);
    await this.#patiently(async () => {
      try {
        await put(signed.url, signed.headers, blob, (bytes) => { this.sent.set(signed.n, bytes); this.#tell(); });
      } catch (error) {
        this.sent.delete(signed.n);
        this.atOnce = 1;
        if (error.status === 403) [signed] = await this.#sign(plan, [wanted]);
        throw error;
      }
    });
    this.sent.set(signed.n, blob.size);
    this.#tell();
  }

  #slice(plan, n) {
    return this.file.slice((n - 1) * plan.part_size, n * plan.part_size);
  }

  #tell(words = "") {
    let bytes = 0;
    for (const size of this.sent.values()) bytes += size;
    this.onProgress(this.file.size ? Math.min(bytes / this.file.size, 1) : 1, words);
  }

  /** Try until it works; only what trying again cannot mend is raised. */
  async #patiently(attempt) {
    for (let tries = 0; ; tries += 1) {
      try {
        return await attempt();
      } catch (error) {
        const mendable = error.status === 0 || error.status === 403 || error.status === 408 || error.status === 429 || error.status >= 500;
        if (!mendable || (error.status === 403 && tries > 5)) throw error;
        this.#tell("Waiting for the connection; what was sent is safe.");
        await pause(Math.random() * Math.min(LONGEST_WAIT_MS, 500 * 2 ** tries));
      }
    }
  }
}

function put(url, headers, blob, onBytes) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let stalled;
    const watch = () => { clearTimeout(stalled); stalled = setTimeout(() => request.abort(), STALL_MS); };
    const fail = (status) => { clearTimeout(stalled); reject(new Problem(status, "This part did not arrive.")); };
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers ?? {})) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => { watch(); onBytes(event.loaded); };
    request.onload = () => { clearTimeout(stalled); if (request.status < 300) resolve(); else fail(request.responseText.includes("RequestTimeout") ? 408 : request.status); };
    request.onerror = () => fail(0);
    request.onabort = () => fail(0);
    watch();
    request.send(blob);
  });
}

function pause(ms) {
  return new Promise((resolve) => {
    const wake = () => { clearTimeout(timer); removeEventListener("online", wake); resolve(); };
    const timer = setTimeout(wake, ms);
    addEventListener("online", wake);
  });
}

async function digestBlob(blob) {
  if (!globalThis.crypto?.subtle) throw new Problem(400, "This browser only sends footage over a secure connection (https). Open this page by its https address.");
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  return btoa(String.fromCharCode(...sum));
}

/** A short name for the same file with the same details, so that sending it again resumes. */
async function digestText(text) {
  if (globalThis.crypto?.subtle) {
    const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(sum), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
