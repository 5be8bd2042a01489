// The zip of all files is made after the approval: wait for it, and show it in place.

import { answer, api } from "../api/client";
import { announce } from "../parts/announce";
import { refresh } from "../parts/refresh";

const EVERY_MS = 5000;
const TRIES = 60;

export async function waitForZip(): Promise<void> {
  const page = document.getElementById("job");
  const { agency, job } = page?.dataset ?? {};
  if (!agency || !job || !document.querySelector("#zip[data-waiting]")) return;
  const params = { path: { job_id: job }, query: { agency, limit: 1 } };
  for (let tried = 0; tried < TRIES; tried++) {
    await new Promise((done) => setTimeout(done, EVERY_MS));
    const made = await answer(api.GET("/v1/jobs/{job_id}/deliveries", { params })).catch(() => undefined);
    if (!made?.items[0]?.archive) continue;
    await refresh("zip");
    announce("All files are ready in one zip.");
    return;
  }
}
