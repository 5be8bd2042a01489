// Fetches this very page again (by its own address where a form led elsewhere) and puts its fresh sections in place of ours.

const shown = new Map<string, string>();

/** This page as it is now; nothing where it cannot be had. */
export async function fetched(): Promise<Document | undefined> {
  const here = document.querySelector<HTMLElement>("[data-here]")?.dataset.here ?? location.href;
  const answer = await fetch(here, { headers: { Accept: "text/html" } });
  return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : undefined;
}

/** Put its sections in place of ours; one that has the focus stays. */
export function replace(fresh: Document, ...ids: string[]): void {
  for (const id of ids) {
    const old = document.getElementById(id);
    const next = fresh.getElementById(id);
    if (!old || !next || next.innerHTML === shown.get(id) || old.contains(document.activeElement)) continue;
    shown.set(id, next.innerHTML);
    old.replaceWith(next);
  }
}

export async function refresh(...ids: string[]): Promise<void> {
  const fresh = await fetched();
  if (fresh) replace(fresh, ...ids);
}
