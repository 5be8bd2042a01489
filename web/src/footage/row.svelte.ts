// One chosen file: what it is said to be, and how far it is on its way.

import { announce } from "../parts/announce";
import { size } from "../parts/words";
import { tell } from "./clips";
import { here } from "./here.svelte";
import { firstPart, forget, type Remembered, remember } from "./remembered";
import { Speed } from "./speed";
import { WORDS, wordsFor } from "./transcript";
import { type Details, type Place, Upload } from "./upload";

export type Kind = "video" | "photo" | "sound" | "words";
export type Takes = "interview" | "broll" | "photo" | "narration" | "music";

export interface Use {
  id: string;
  title: string;
  takes: Takes;
  kind: Kind;
}

export const stem = (name: string): string => name.replace(/\.[^.]+$/, "").toLowerCase();

/** Nothing that a film can be made of, though it often lies beside what can. */
const ASIDE = /^\.|^(sha256sums|thumbs\.db)$|\.(ya?ml|json|xml|csv|md|pdf|docx?|xlsx?|pages|rtf|html?|zip|aae|thm|ini|lnk)$/i;

export const isFootage = (file: File): boolean => !ASIDE.test(file.name);

export function kindOf(file: { name: string; type: string }): Kind {
  if (WORDS.test(file.name)) return "words";
  if (file.type.startsWith("image/") || /\.(heic|heif|jpe?g|png|webp)$/i.test(file.name)) return "photo";
  if (file.type.startsWith("audio/") || /\.(wav|mp3|m4a|ogg|flac|aac)$/i.test(file.name)) return "sound";
  return "video";
}

const WAITS = "Waiting for the connection; what was sent is safe.";

export class Row {
  readonly id = crypto.randomUUID();
  readonly kind: Kind;
  readonly uses: Use[];
  use = $state("");
  /** Of a transcript that came alone: the clip that it goes with, if that is here. */
  clip = $state("");
  speaker = $state("");
  role = $state("");
  words = $state("");
  transcript = $state<File | undefined>();
  state = $state<"chosen" | "queued" | "sending" | "paused" | "failed" | "arrived">("chosen");
  bytes = $state(0);
  trouble = $state("");
  rate = $state(0);
  #upload: Upload | undefined;
  #speed = new Speed();
  #guessed: string | undefined;
  #paused: (() => void) | undefined;

  constructor(
    readonly file: File,
    readonly place: Place,
    readonly all: Use[],
    slot: string | undefined,
    readonly resumed?: Remembered,
  ) {
    this.kind = kindOf(file);
    this.uses = all.filter((one) => one.kind === this.kind);
    // a file named for a slot goes there unless the sender says otherwise
    const named = this.uses.find((one) => stem(file.name).includes(one.id));
    const dropped = this.uses.find((one) => one.id === slot);
    this.use = resumed?.details.slot ?? (dropped ?? named ?? this.uses[0])?.id ?? "";
    this.speaker = resumed?.details.speaker_name ?? "";
    this.role = resumed?.details.speaker_role ?? "";
    if (resumed) this.bytes = resumed.share * file.size;
    if (!resumed && !dropped && !named) this.#guessed = this.use;
    if (this.kind === "words") this.clip = here.clips.find((one) => stem(one.name) === stem(file.name))?.id ?? "";
  }

  /** Whether it waits for a person to send it. */
  get isOpen(): boolean {
    return this.state === "chosen" || this.state === "failed";
  }

  /** A transcript says that somebody speaks: unless a person said otherwise, the first who is missing still. */
  hear(transcript: File, taken: ReadonlySet<string | null | undefined>): void {
    this.transcript = transcript;
    if (this.use !== this.#guessed || this.takes === "interview") return;
    const speaking = this.uses.filter((one) => one.takes === "interview");
    this.#guessed = this.use = (speaking.find((one) => !taken.has(one.id)) ?? speaking.at(-1))?.id ?? this.use;
  }

  get takes(): Takes | undefined {
    return this.uses.find((one) => one.id === this.use)?.takes;
  }

  get share(): number {
    return this.file.size ? this.bytes / this.file.size : 1;
  }

  get secondsLeft(): number | null {
    return this.rate ? (this.file.size - this.bytes) / this.rate : null;
  }

  get speed(): string {
    return this.rate ? `${size(this.rate)} a second` : "";
  }

  /** Send the transcript, then the file; resolves when it arrived, was taken out, or failed. */
  async send(): Promise<void> {
    const words = wordsFor(this.file.name, this.words, this.transcript);
    const details = this.#details(words);
    this.state = "sending";
    this.trouble = "";
    try {
      if (this.kind === "words") await this.#sendWords();
      else {
        if (words) await this.#through(words, {}, false);
        await this.#through(this.file, details, true);
      }
      this.state = "arrived";
      announce(`${this.file.name} has arrived.`);
    } catch (error) {
      if ((error as Error).name === "AbortError") return;
      this.state = "failed";
      this.trouble = (error as Error).message;
      announce(`${this.file.name} was not sent. ${this.trouble}`);
    }
  }

  pause(): void {
    this.#upload?.pause();
    this.#speed.forget();
    this.rate = 0;
    this.state = "paused";
    this.trouble = "";
    this.#paused?.();
  }

  /** Resolves when a person pauses it. */
  paused(): Promise<void> {
    return new Promise((resolve) => (this.#paused = resolve));
  }

  goOn(): void {
    this.#upload?.goOn();
    this.state = "sending";
  }

  async remove(): Promise<void> {
    if (this.resumed) forget(this.resumed.id);
    await this.#upload?.giveUp().catch(() => undefined);
  }

  async #through(file: File, details: Details, shown: boolean): Promise<void> {
    let known: Remembered | undefined = shown ? this.resumed : undefined;
    const upload = new Upload(
      file,
      this.place,
      details,
      {
        begun: (plan) => {
          if (!shown) return;
          void firstPart(file, plan.part_size).then((first) => {
            known = { ...this.place, id: plan.id, name: file.name, size: file.size, modified: file.lastModified, part_size: plan.part_size, first, share: this.share, details };
            if (this.state !== "arrived") remember(known);
          });
        },
        at: (bytes) => {
          if (!shown) return;
          this.bytes = bytes;
          this.trouble = "";
          this.#speed.note(bytes, performance.now());
          this.rate = this.#speed.rate;
          const share = bytes / file.size;
          if (known && share - known.share >= 0.01) remember((known = { ...known, share }));
        },
        waits: () => {
          this.trouble = WAITS;
          this.rate = 0;
          this.#speed.forget();
        },
      },
      known?.id,
    );
    this.#upload = upload;
    if (this.state === "paused") upload.pause();
    await upload.send();
    if (known) forget(known.id);
  }

  /** A transcript that came alone: first it is said whose words it holds. */
  async #sendWords(): Promise<void> {
    const clip = here.clips.find((one) => one.id === this.clip);
    const words = clip && wordsFor(clip.name, "", this.file);
    if (clip && words) {
      const silent = this.all.find((one) => one.id === clip.details.slot)?.takes === "broll";
      const slot = silent ? null : clip.details.slot;
      await tell(clip.id, this.place.agency, { ...clip.details, slot, transcript: words.name });
    }
    await this.#through(words ?? this.file, {}, false);
  }

  #details(words: File | undefined): Details {
    const interview = this.takes === "interview";
    return {
      slot: this.takes === "music" ? null : this.use || null,
      music: this.takes === "music",
      speaker_name: (interview && this.speaker.trim()) || null,
      speaker_role: (interview && this.role.trim()) || null,
      transcript: words?.name ?? this.resumed?.details.transcript ?? null,
    };
  }
}
