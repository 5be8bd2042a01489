// Pictures and waveforms of clips, fetched once each, drawn where a timeline wants them.

import type { Clip } from "./edits";
import { RATE } from "./edits";

interface Outline {
  rate: number;
  peaks: number[];
}

const strips = new Map<string, Promise<HTMLImageElement | null>>();
const outlines = new Map<string, Promise<Outline | null>>();

export const addressOf = (agency: string, clip: Clip, name: string): string =>
  `/v1/clips/${clip.id}/renditions/${name}?agency=${agency}&of=${clip.clip.slice(0, 16)}`;

function picture(address: string): Promise<HTMLImageElement | null> {
  const held = strips.get(address) ?? new Promise<HTMLImageElement | null>((done) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = () => done(null);
    image.src = address;
  });
  strips.set(address, held);
  return held;
}

function outline(address: string): Promise<Outline | null> {
  const held = outlines.get(address) ?? fetch(address).then((told) => told.json() as Promise<Outline>).catch(() => null);
  outlines.set(address, held);
  return held;
}

/** A sheet of so many CSS pixels to draw on, sharp on dense screens. */
function sheet(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const dense = Math.min(devicePixelRatio || 1, 2);
  canvas.width = Math.max(1, Math.min(Math.round(width * dense), 8000));
  canvas.height = Math.round(height * dense);
  const pen = canvas.getContext("2d");
  pen?.scale(canvas.width / Math.max(width, 1), canvas.height / height);
  return pen;
}

/** What is seen of a clip from a frame on, side by side as wide as it lasts. */
export async function drawStrip(canvas: HTMLCanvasElement, agency: string, clip: Clip, start: number, frames: number, width: number, height: number): Promise<void> {
  const pen = sheet(canvas, width, height);
  const name = clip.kind === "photo" ? "poster.jpg" : "strip.jpg";
  if (!pen || !clip.renditions.includes(name)) return;
  const image = await picture(addressOf(agency, clip, name));
  if (!image) return;
  if (clip.kind === "photo") {
    const shown = (height * image.naturalWidth) / image.naturalHeight;
    for (let x = 0; x < width; x += shown) pen.drawImage(image, x, 0, shown, height);
    return;
  }
  const step = (clip.strip_step ?? 1) * RATE;
  const count = Math.max(1, Math.ceil(clip.frames / step));
  const own = image.naturalWidth / count;
  const shown = (height * own) / image.naturalHeight;
  for (let x = 0; x < width; x += shown) {
    const frame = start + ((x + Math.min(shown, width - x) / 2) / width) * frames;
    const nth = Math.min(count - 1, Math.max(0, Math.round(frame / step)));
    pen.drawImage(image, nth * own, 0, own, image.naturalHeight, x, 0, shown, height);
  }
}

/** What is heard of a clip from a frame on. */
export async function drawWave(canvas: HTMLCanvasElement, agency: string, clip: Clip, start: number, frames: number, width: number, height: number, colour: string): Promise<void> {
  const pen = sheet(canvas, width, height);
  if (!pen || !clip.renditions.includes("waveform.json")) return;
  const told = await outline(addressOf(agency, clip, "waveform.json"));
  if (!told) return;
  pen.fillStyle = colour;
  const most = Math.max(1, ...told.peaks);
  for (let x = 0; x < width; x += 2) {
    const [from, until] = [x, x + 2].map((at) => Math.floor(((start + (at / width) * frames) / RATE) * told.rate)) as [number, number];
    const high = (Math.max(0, ...told.peaks.slice(from, Math.max(from + 1, until))) / most) * (height - 2);
    pen.fillRect(x, (height - Math.max(high, 1)) / 2, 1.2, Math.max(high, 1));
  }
}
