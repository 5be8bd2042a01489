// The opening card of the film, drawn by the renderer of the films as the department's name is typed.

const REST_MS = 400;

const field = document.getElementById("name");
const picture = document.getElementById("opening");
const told = document.getElementById("opening-told");
const invited = told.textContent;
let asked = 0;
let wanted = field.value.trim();

async function draw() {
  const name = field.value.trim();
  if (!name || name === wanted) return;
  wanted = name;
  const answer = await fetch(`/opening-card?${new URLSearchParams({ name })}`, { headers: { Accept: "image/jpeg" } }).catch(() => null);
  const drawn = answer?.ok ? await answer.blob() : null;
  const refused = answer?.status === 422 ? (await answer.json()).detail : "";
  if (wanted !== name) return;
  // Asked too often, or without a line: the card that is shown stays, and the form works as it did.
  told.textContent = refused || invited;
  if (!drawn) return;
  URL.revokeObjectURL(picture.src);
  picture.src = URL.createObjectURL(drawn);
  picture.alt = `The opening card: ${name}`;
}

field.addEventListener("input", () => {
  clearTimeout(asked);
  asked = setTimeout(draw, REST_MS);
});
