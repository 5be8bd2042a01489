// One file to storage in parts: three at a time, one after an error, each tried again until it arrives. Storage knows what
// arrived, so a file goes on where it stopped.

import { answer, api, Problem, type Schemas } from "../api/client";
import { digestOf, keyOf } from "./digest";
import { Gate, patiently } from "./patience";
import { put } from "./put";

export type Details = Partial<Schemas["Details"]>;
type Plan = Schemas["UploadOut"];
type Signed = Schemas["SignedPart"];

export interface Place {
  agency: string;
  project: string;
}

export interface Watcher {
  begun(plan: Plan): void;
  at(bytes: number): void;
  waits(): void;
}

const AT_ONCE = 3;
const SIGNED_AT_ONCE = 3;

export class Upload {
  readonly #gate = new Gate();
  readonly #ended = new AbortController();
  #running = new AbortController();
  #sent = new Map<number, number>();
  #lanes = AT_ONCE;
  #plan: Plan | undefined;

  constructor(
    readonly file: File,
    readonly place: Place,
    readonly details: Details,
    readonly watcher: Watcher,
    readonly known?: string,
  ) {}

  /** Send the file, or the rest of it. */
  async send(): Promise<void> {
    const plan = await this.#patiently(() => this.#open());
    this.#plan = plan;
    this.watcher.begun(plan);
    const waiting = [];
    for (let n = 1; n <= plan.part_count; n += 1) if (!this.#sent.has(n)) waiting.push(n);
    this.#tell();
    await this.#parts(plan, waiting);
    await this.#patiently(() =>
      answer(api.POST("/v1/uploads/{upload_id}/complete", { params: this.#named(plan.id) })),
    );
  }

  pause(): void {
    this.#gate.shut();
    this.#running.abort();
  }

  goOn(): void {
    this.#running = new AbortController();
    this.#gate.open();
  }

  /** Stop for good, and let storage forget the parts. */
  async giveUp(): Promise<void> {
    this.#ended.abort();
    this.#running.abort();
    this.#gate.open();
    const id = this.#plan?.id ?? this.known;
    if (id) await answer(api.DELETE("/v1/uploads/{upload_id}", { params: this.#named(id) }));
  }

  async #open(): Promise<Plan> {
    if (this.known) {
      const plan = await this.#held(this.known);
      if (plan.state === "open") return plan;
    }
    const { name, size, type, lastModified } = this.file;
    const body = {
      project: this.place.project,
      name,
      size,
      type: type || "application/octet-stream",
      details: { music: false, left_out: false, ...this.details },
    };
    const begin = async (key: string): Promise<Plan> =>
      answer(
        api.POST("/v1/uploads", {
          params: { query: { agency: this.place.agency }, header: { "Idempotency-Key": key } },
          body,
        }),
      );
    const plan = await begin(await keyOf(JSON.stringify([body, lastModified])));
    // the same file was sent before and is complete or was taken back: begin anew
    return plan.state === "open" ? this.#held(plan.id) : begin(crypto.randomUUID());
  }

  async #held(id: string): Promise<Plan> {
    const held = await answer(api.GET("/v1/uploads/{upload_id}", { params: this.#named(id) }));
    for (const part of held.parts) this.#sent.set(part.n, part.size);
    return held;
  }

  /** Send these parts, several at a time; while they go the next are read and signed, so that the line is never idle. */
  async #parts(plan: Plan, numbers: number[]): Promise<void> {
    const ready: Signed[] = [];
    let signing: Promise<void> | undefined;
    const sign = (): Promise<void> =>
      (signing ??= this.#sign(plan, numbers.splice(0, SIGNED_AT_ONCE)).then((signed) => {
        ready.push(...signed);
        signing = undefined;
      }));
    const lane = async (n: number): Promise<void> => {
      while (n < this.#lanes) {
        while (!ready.length && (numbers.length || signing)) await sign();
        const next = ready.shift();
        if (!next) return;
        // what fails here fails again where it is waited for
        if (ready.length < AT_ONCE && numbers.length) sign().catch(() => undefined);
        await this.#part(plan, next);
      }
    };
    await Promise.all(Array.from({ length: this.#lanes }, (_, n) => lane(n)));
  }

  async #sign(plan: Plan, numbers: number[]): Promise<Signed[]> {
    const wanted: Schemas["WantedPart"][] = await Promise.all(
      numbers.map(async (n) => (plan.checksum === "sha256" ? { n, sha256: await digestOf(this.#slice(plan, n)) } : { n })),
    );
    const signed = await this.#patiently(() =>
      answer(api.POST("/v1/uploads/{upload_id}/parts", { params: this.#named(plan.id), body: wanted })),
    );
    return signed.parts;
  }

  async #part(plan: Plan, signed: Signed): Promise<void> {
    let link = signed;
    const part = this.#slice(plan, link.n);
    await this.#patiently(async () => {
      try {
        await put(link.url, link.headers, part, this.#running.signal, (bytes) => {
          this.#sent.set(link.n, bytes);
          this.#tell();
        });
      } catch (error) {
        this.#sent.delete(link.n);
        this.#tell();
        if (!this.#gate.isShut) this.#lanes = 1;
        if (error instanceof Problem && error.status === 403) [link = link] = await this.#sign(plan, [link.n]);
        throw error;
      }
    });
    this.#sent.set(link.n, part.size);
    this.#tell();
  }

  #slice(plan: Plan, n: number): Blob {
    return this.file.slice((n - 1) * plan.part_size, n * plan.part_size);
  }

  #tell(): void {
    let bytes = 0;
    for (const size of this.#sent.values()) bytes += size;
    this.watcher.at(Math.min(bytes, this.file.size));
  }

  #named(id: string): { path: { upload_id: string }; query: { agency: string } } {
    return { path: { upload_id: id }, query: { agency: this.place.agency } };
  }

  #patiently<T>(attempt: () => Promise<T>): Promise<T> {
    return patiently(this.#gate, this.#ended.signal, () => this.watcher.waits(), attempt);
  }
}
