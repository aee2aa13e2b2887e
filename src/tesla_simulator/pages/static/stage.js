// The stage without reloading: looks at the world each second, and lets things happen in place.
// Without this file every button is a form that comes back to the stage.
"use strict";

const panes = document.querySelector("[data-panes]");
const app = document.getElementById("app");
const LOOKS_EVERY_MS = 1000;

let phoneBefore = panes.dataset.phone;

// Only what differs is replaced, so that a finger on a button and a reader in a list stay where they are.
// What holds other parts with ids is left to them.
function shows(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const now of fresh.querySelectorAll("[id]")) {
    const before = document.getElementById(now.id);
    if (!before || before.outerHTML === now.outerHTML || now.querySelector("[id]")) continue;
    const hadFocus = before === document.activeElement;
    before.replaceWith(now);
    if (hadFocus) now.focus();
  }
  takesOverKnobs(fresh);
}

// The list of knobs changes as a whole: a plugged-in car can only be unplugged.
function takesOverKnobs(fresh) {
  const now = fresh.getElementById("knobs");
  const before = document.getElementById("knobs");
  if (!now || now.innerHTML === before.innerHTML) return;
  const focused = document.activeElement && before.contains(document.activeElement);
  before.replaceChildren(...now.childNodes);
  if (focused) before.querySelector("button")?.focus();
}

// The phone shows what the driver sees; it looks again when something it shows has changed.
function refreshesApp(phone) {
  if (phone !== phoneBefore) app.contentWindow.location.reload();
  phoneBefore = phone;
}

async function looks() {
  try {
    const answer = await fetch(panes.dataset.panes, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    refreshesApp(answer.headers.get("X-Phone"));
    shows(await answer.text());
  } catch {
    const turning = document.getElementById("turning");
    if (turning) turning.textContent = "The simulator does not answer.";
  }
}

async function happens(event) {
  const form = event.target;
  if (!form.closest("[data-panes]")) return;
  event.preventDefault();
  if (event.submitter?.ariaDisabled === "true") return;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const asked = fetch(form.action, { method: "POST", body, redirect: "manual" });
  looks();
  try {
    await asked;
  } finally {
    await looks();
  }
}

document.addEventListener("submit", happens);

(async function watches() {
  for (;;) {
    await looks();
    await new Promise((on) => setTimeout(on, LOOKS_EVERY_MS));
  }
})();
