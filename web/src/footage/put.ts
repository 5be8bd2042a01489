// One part on its way to storage; given up when nothing moves for a minute.

import { Problem } from "../api/client";

const STALL_MS = 60_000;
const NOT_ARRIVED = "This part did not arrive.";

export function put(
  url: string,
  headers: Record<string, string>,
  part: Blob,
  ended: AbortSignal,
  tell: (bytes: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let stalled = 0;
    const stop = (): void => request.abort();
    const watch = (): void => {
      clearTimeout(stalled);
      stalled = window.setTimeout(stop, STALL_MS);
    };
    const end = (status: number): void => {
      clearTimeout(stalled);
      ended.removeEventListener("abort", stop);
      if (status >= 200 && status < 300) resolve();
      else reject(new Problem(status, NOT_ARRIVED));
    };
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      watch();
      tell(event.loaded);
    };
    request.onload = () => end(request.responseText.includes("RequestTimeout") ? 408 : request.status);
    request.onerror = () => end(0);
    request.onabort = () => end(0);
    ended.addEventListener("abort", stop);
    watch();
    request.send(part);
  });
}
