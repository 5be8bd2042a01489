// The opening card of the film, drawn by the renderer of the films as the department's name is typed.

const REST_MS = 400;

const field = document.getElementById("name");
const picture = document.getElementById("opening");
const told = document.getElementById("opening-told");
const invited = told.textContent;
let asked = 0;
let drawn = field.value.trim();
let busy = false;

// One card at a time: what was typed meanwhile is drawn next, and the first is waited for too.
async function draw() {
  if (busy) return;
  busy = true;
  await picture.decode().catch(() => {});
  for (let name = field.value.trim(); name && name !== drawn; name = field.value.trim()) {
    drawn = name;
    await show(name);
  }
  busy = false;
}

/** Asked too often, or without a line, the card that is shown stays, and the form works as it did. */
async function show(name) {
  const address = `/opening-card?${new URLSearchParams({ name })}`;
  const answer = await fetch(address, { headers: { Accept: "image/jpeg" } }).catch(() => null);
  told.textContent = answer?.status === 422 ? (await answer.json()).detail : invited;
  if (!answer?.ok) return;
  URL.revokeObjectURL(picture.src);
  picture.src = URL.createObjectURL(await answer.blob());
  picture.alt = `The opening card: ${name}`;
}

field.addEventListener("input", () => {
  clearTimeout(asked);
  asked = setTimeout(draw, REST_MS);
});
