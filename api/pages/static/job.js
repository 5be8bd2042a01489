// The job page: the film with its captions, and captions that are corrected in place.

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** The captions control beside the player and the captions as words that lead into the film. */
function review() {
  const video = document.getElementById("film");
  if (!video || video.dataset.ready) return;
  video.dataset.ready = "yes";
  const track = video.textTracks[0];
  const toggle = document.getElementById("captions-toggle");
  const list = document.getElementById("words");
  if (!track) return;
  track.mode = "showing";
  if (toggle) {
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      track.mode = track.mode === "showing" ? "hidden" : "showing";
      toggle.textContent = track.mode === "showing" ? "Captions: on" : "Captions: off";
    });
  }
  const fill = () => {
    if (!list || list.childElementCount || list.matches(".mend") || !track.cues) return;
    for (const cue of track.cues) {
      const item = document.createElement("li");
      const button = document.createElement("button");
      const at = document.createElement("span");
      const words = document.createElement("span");
      at.className = "at";
      at.textContent = clock(cue.startTime);
      words.textContent = cue.text.replace(/<[^>]*>/g, "").replace(/\s+/g, " ");
      button.type = "button";
      button.append(at, words);
      button.addEventListener("click", () => { video.currentTime = cue.startTime; });
      cue.addEventListener("enter", () => item.setAttribute("aria-current", "true"));
      cue.addEventListener("exit", () => item.removeAttribute("aria-current"));
      item.append(button);
      list.append(item);
    }
    list.closest("[data-words]").hidden = list.childElementCount === 0;
  };
  video.querySelector("track").addEventListener("load", fill);
  fill();
}

/** Captions that are corrected in place: their times lead into the film, the one heard is marked, changes are counted. */
function corrections() {
  const form = document.getElementById("corrections");
  const video = document.getElementById("film");
  if (!form || form.dataset.ready) return;
  form.dataset.ready = "yes";
  const rows = [...form.querySelectorAll("li[data-at]")];
  for (const row of rows) {
    const at = row.querySelector(".at");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "at";
    button.textContent = at.textContent;
    button.setAttribute("aria-label", `Hear the film at ${at.textContent}`);
    button.addEventListener("click", () => {
      video.currentTime = Number(row.dataset.at);
      video.play().catch(() => {});
    });
    at.replaceWith(button);
  }
  video?.addEventListener("timeupdate", () => {
    for (const row of rows) {
      const heard = video.currentTime >= Number(row.dataset.at) && video.currentTime < Number(row.dataset.until);
      if (heard) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  });
  const send = document.getElementById("send-corrections");
  const told = document.getElementById("corrected");
  const count = () => {
    let changed = 0;
    for (const row of rows) {
      const field = row.querySelector("textarea");
      const other = field.value.replace(/\s+/g, " ").trim() !== field.defaultValue;
      row.classList.toggle("changed", other);
      changed += other;
    }
    const retyped = document.querySelector("#job .error") !== null;
    send.disabled = changed === 0 && !retyped;
    told.textContent = changed ? `${changed} ${changed === 1 ? "caption" : "captions"} changed` : "";
  };
  form.addEventListener("input", count);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("textarea")) event.preventDefault();
  });
  count();
}

review();
corrections();
