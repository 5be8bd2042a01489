// Says things to those who do not see the page.

export function announce(text: string): void {
  const region = document.getElementById("announce");
  if (region && region.textContent !== text) region.textContent = text;
}
