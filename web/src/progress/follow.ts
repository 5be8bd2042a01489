// Following a job: server-sent events, and asking every few seconds when those do not come through.

import { answer, api, type Schemas } from "../api/client";

type Job = Schemas["JobOut"];

const REST = new Set(["in_review", "approved", "delivered", "failed", "cancelled"]);
const ASK_MS = 2500;
const QUIET_MS = 10_000;
const EVENTS = ["state", "step", "progress", "captions"];

export const rests = (state: string): boolean => REST.has(state);

/** Tell how far a job is, now and whenever something happens, until it rests; returns what ends that. */
export function follow(agency: string, job: string, tell: (seen: Job) => void, lost: (words: string) => void): () => void {
  const source = new EventSource(`/v1/jobs/${job}/events?agency=${encodeURIComponent(agency)}`);
  let busy = false;
  let ended = false;
  let timer = 0;

  async function look(): Promise<void> {
    if (busy || ended) return;
    busy = true;
    try {
      const seen = await answer(api.GET("/v1/jobs/{job_id}", { params: { path: { job_id: job }, query: { agency } } }));
      tell(seen);
      lost("");
      if (rests(seen.state)) end();
    } catch (error) {
      lost((error as Error).message);
    } finally {
      busy = false;
    }
  }

  function again(): void {
    const flows = source.readyState === EventSource.OPEN;
    timer = window.setTimeout(() => void look().then(() => ended || again()), flows ? QUIET_MS : ASK_MS);
  }

  function end(): void {
    ended = true;
    clearTimeout(timer);
    source.close();
    removeEventListener("online", look);
    document.removeEventListener("visibilitychange", look);
  }

  for (const kind of EVENTS) source.addEventListener(kind, look);
  addEventListener("online", look);
  document.addEventListener("visibilitychange", look);
  void look();
  again();
  return end;
}
