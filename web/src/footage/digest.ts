// Digests of files' parts.

import { Problem } from "../api/client";

const NOT_SAFE = "This browser only sends footage over a secure connection (https). Open this page by its https address.";

async function sum(bytes: BufferSource): Promise<Uint8Array> {
  if (!globalThis.crypto?.subtle) throw new Problem(400, NOT_SAFE);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** As storage wants it beside a part: base64. */
export const digestOf = async (part: Blob): Promise<string> =>
  btoa(String.fromCharCode(...(await sum(await part.arrayBuffer()))));

/** A short name for the same words. */
export const keyOf = async (text: string): Promise<string> =>
  Array.from(await sum(new TextEncoder().encode(text)), (byte) => byte.toString(16).padStart(2, "0")).join("");
