// Talking to the API: JSON in, JSON out, and its problems as errors with a sentence fit to show.

export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export async function call(method, path, { body, headers = {} } = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Problem(0, "The connection was lost.");
  }
  if (answer.status === 401) {
    throw new Problem(401, "You have been signed out. Reload this page to sign in again; nothing that was sent is lost.");
  }
  const told = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (!answer.ok) throw new Problem(answer.status, told?.detail ?? `The service answered ${answer.status}.`);
  return told;
}

/** Fetch this very page again (by its own address where a form led elsewhere) and put its fresh sections in place of ours. */
export async function refresh(...ids) {
  const answer = await fetch(document.querySelector("[data-here]")?.dataset.here ?? location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ids) {
    const old = document.getElementById(id);
    const next = fresh.getElementById(id);
    if (old && next && old.innerHTML !== next.innerHTML) old.replaceWith(next);
  }
}

export function announce(text) {
  const region = document.getElementById("announce");
  if (region && region.textContent !== text) region.textContent = text;
}
