// One chosen file: what it is said to be, and how far it is on its way.

import { announce } from "../parts/announce";
import { size } from "../parts/words";
import { firstPart, forget, type Remembered, remember } from "./remembered";
import { Speed } from "./speed";
import { type Details, type Place, Upload } from "./upload";

export type Kind = "video" | "photo" | "sound";
export type Takes = "interview" | "broll" | "photo" | "narration" | "music";

export interface Use {
  id: string;
  title: string;
  takes: Takes;
  kind: Kind;
}

export const stem = (name: string): string => name.replace(/\.[^.]+$/, "").toLowerCase();

export function kindOf(file: File): Kind {
  if (file.type.startsWith("image/") || /\.(heic|heif|jpe?g|png|webp)$/i.test(file.name)) return "photo";
  if (file.type.startsWith("audio/") || /\.(wav|mp3|m4a|ogg|flac|aac)$/i.test(file.name)) return "sound";
  return "video";
}

const WAITS = "Waiting for the connection; what was sent is safe.";

export class Row {
  readonly id = crypto.randomUUID();
  readonly uses: Use[];
  use = $state("");
  speaker = $state("");
  role = $state("");
  words = $state("");
  transcript = $state<File | undefined>();
  state = $state<"chosen" | "sending" | "paused" | "failed" | "arrived">("chosen");
  bytes = $state(0);
  trouble = $state("");
  rate = $state(0);
  #upload: Upload | undefined;
  #speed = new Speed();

  constructor(
    readonly file: File,
    readonly place: Place,
    uses: Use[],
    slot: string | undefined,
    readonly resumed?: Remembered,
  ) {
    this.uses = uses.filter((one) => one.kind === kindOf(file));
    // a file named for a slot goes there unless the sender says otherwise
    const named = this.uses.find((one) => stem(file.name).includes(one.id));
    const dropped = this.uses.find((one) => one.id === slot);
    this.use = resumed?.details.slot ?? (dropped ?? named ?? this.uses[0])?.id ?? "";
    this.speaker = resumed?.details.speaker_name ?? "";
    this.role = resumed?.details.speaker_role ?? "";
    if (resumed) this.bytes = resumed.share * file.size;
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
    const words = this.#transcript();
    const details = this.#details(words);
    this.state = "sending";
    this.trouble = "";
    try {
      if (words) await this.#through(words, {}, false);
      await this.#through(this.file, details, true);
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
    await upload.send();
    if (known) forget(known.id);
  }

  #transcript(): File | undefined {
    if (this.words.trim()) return new File([this.words], `${this.file.name.replace(/\.[^.]+$/, "")}.txt`, { type: "text/plain" });
    return this.transcript;
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
