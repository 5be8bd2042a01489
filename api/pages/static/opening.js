// The opening card of the film, drawn by the renderer of the films as the department's name is typed and its seal chosen.

const REST_MS = 400;

const field = document.getElementById("name");
const seal = document.getElementById("seal");
const picture = document.getElementById("opening");
const told = document.getElementById("opening-told");
const invited = told.textContent;
let asked = 0;
let busy = false;

/** What is to be seen: a name, and the file of a seal. */
function wanted() {
  const file = seal?.files[0];
  return { name: field.value.trim(), file, of: [field.value.trim(), file?.name, file?.size, file?.lastModified].join("\n") };
}

let drawn = wanted().of;

// One card at a time: what was typed meanwhile is drawn next, and the first is waited for too.
async function draw() {
  if (busy) return;
  busy = true;
  await picture.decode().catch(() => {});
  for (let next = wanted(); next.of !== drawn && (next.name || next.file); next = wanted()) {
    drawn = next.of;
    await show(next);
  }
  busy = false;
}

/** Asked too often, or without a line, the card that is shown stays, and the form works as it did. */
async function show({ name, file }) {
  const body = new FormData();
  if (name) body.set("name", name);
  if (file) body.set("seal", file);
  const [address, how] = file ? ["/opening-card", { method: "POST", body }] : [`/opening-card?${new URLSearchParams({ name })}`, {}];
  const answer = await fetch(address, { ...how, headers: { Accept: "image/jpeg" } }).catch(() => null);
  told.textContent = answer?.status === 422 ? (await answer.json()).detail : invited;
  if (!answer?.ok) return;
  URL.revokeObjectURL(picture.src);
  picture.src = URL.createObjectURL(await answer.blob());
  picture.alt = `The opening card: ${name || "Anytown Police Department"}${file ? ", with your seal" : ""}`;
  picture.closest("figure").hidden = false;
}

function rest() {
  clearTimeout(asked);
  asked = setTimeout(draw, REST_MS);
}

field.addEventListener("input", rest);
seal?.addEventListener("change", rest);
