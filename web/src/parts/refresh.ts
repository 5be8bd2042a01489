// Fetches this very page again (by its own address where a form led elsewhere) and puts its fresh sections in place of ours.

const shown = new Map<string, string>();

export async function refresh(...ids: string[]): Promise<void> {
  const here = document.querySelector<HTMLElement>("[data-here]")?.dataset.here ?? location.href;
  const answer = await fetch(here, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ids) {
    const old = document.getElementById(id);
    const next = fresh.getElementById(id);
    if (!old || !next || next.innerHTML === shown.get(id) || old.contains(document.activeElement)) continue;
    shown.set(id, next.innerHTML);
    old.replaceWith(next);
  }
}
