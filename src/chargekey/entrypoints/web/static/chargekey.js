// What a page can do better with script; every page works without it.
(() => {
  "use strict";

  // ── "4 seconds ago" goes on counting ─────────────────────────────
  const ago = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
  const seenAt = new WeakMap();
  const spoken = (seconds) =>
    seconds < 60 ? ago.format(-seconds, "second") : seconds < 3600 ? ago.format(-Math.round(seconds / 60), "minute") : null;
  const tick = () => {
    for (const time of document.querySelectorAll("time[data-age]")) {
      const stamp = time.dateTime + time.dataset.age;
      let seen = seenAt.get(time);
      if (!seen || seen.stamp !== stamp) seenAt.set(time, (seen = { stamp, at: performance.now() }));
      const text = spoken(Number(time.dataset.age) + Math.floor((performance.now() - seen.at) / 1000));
      if (text && time.textContent !== text) time.textContent = text;
    }
  };
  setInterval(tick, 1000);

  // ── copying the link ─────────────────────────────────────────────
  const showCopies = () => {
    if (!navigator.clipboard) return;
    for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.querySelector("span").textContent = button.dataset.copied;
  });
  showCopies();
  document.addEventListener("htmx:after:swap", () => { showCopies(); tick(); });

  // ── the driver opens the Tesla app: from now on the key is due ───
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-opened]");
    if (!link) return;
    const form = new URLSearchParams({ csrf: link.dataset.csrf });
    fetch(link.dataset.opened, { method: "POST", body: form, keepalive: true }).catch(() => {});
  });

  // ── the driver came back from the Tesla app ──────────────────────
  document.addEventListener("visibilitychange", () => {
    const main = document.getElementById("main");
    if (document.visibilityState !== "visible" || !main?.dataset.watch) return;
    const form = new URLSearchParams({ csrf: main.dataset.csrf });
    fetch(main.dataset.watch, { method: "POST", body: form, keepalive: true }).catch(() => {});
  });

  // ── the page has moved on by itself ──────────────────────────────
  document.addEventListener("moved", (event) => location.replace(event.detail.data));

  // ── nobody tells of changes yet: the page stays as it is, and asks again ──
  const ASKS_AGAIN_MS = 3000;
  const asksAgain = ({ detail }) => {
    const flow = detail.ctx?.sourceElement;
    const path = flow?.getAttribute?.("hx-sse:connect");
    if (path) setTimeout(() => htmx.ajax("GET", path, { source: flow }), ASKS_AGAIN_MS);
  };
  document.addEventListener("htmx:error", asksAgain);
  document.addEventListener("htmx:response:error", asksAgain);

  // ── what needs another look takes the focus ──────────────────────
  document.querySelector("[aria-invalid=true]")?.focus();
})();
