// "Tell me on this device": offered where the browser can and may, and nowhere else. Mail comes in any case.
(() => {
  "use strict";
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return;
  const WORKER = "/static/push-worker.js"; // its scope is /static/: it watches over no page
  const offers = () => document.querySelectorAll("[data-push-offer]");
  let here = null;

  const show = () => {
    for (const offer of offers()) {
      offer.hidden = !here?.key || (Notification.permission === "denied" && !here.told);
      offer.querySelector("button").hidden = here?.told ?? true;
      offer.querySelector("[data-push-told]").hidden = !here?.told;
    }
  };
  const look = async () => {
    if (!here && offers().length) {
      const answer = await fetch("/account/devices/here", { redirect: "error" });
      if (answer.ok) here = await answer.json();
    }
    show();
  };

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const base64url = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const running = async () => {
    const registration = await navigator.serviceWorker.register(WORKER);
    const worker = registration.active ?? registration.waiting ?? registration.installing;
    while (worker.state !== "activated") {
      await new Promise((go) => worker.addEventListener("statechange", go, { once: true }));
    }
    return registration;
  };
  const subscribed = async (registration) => {
    const before = await registration.pushManager.getSubscription();
    const key = before?.options.applicationServerKey;
    if (before && key && base64url(key) !== here.key) await before.unsubscribe();
    return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(here.key) });
  };
  const begin = async (offer) => {
    if ((await Notification.requestPermission()) !== "granted") return false;
    const subscription = await subscribed(await running());
    const form = new URLSearchParams({
      csrf: offer.dataset.csrf,
      endpoint: subscription.endpoint,
      p256dh: base64url(subscription.getKey("p256dh")),
      auth: base64url(subscription.getKey("auth")),
    });
    const answer = await fetch("/account/devices", { method: "POST", body: form });
    return answer.status === 204;
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-push-offer] button");
    if (!button) return;
    const offer = button.closest("[data-push-offer]");
    button.disabled = true;
    const is_told = await begin(offer).catch(() => false);
    button.disabled = false;
    here = { ...here, told: is_told };
    show();
    offer.hidden = false;
    offer.querySelector("[data-push-refused]").hidden = is_told;
    if (is_told && offer.dataset.pushOffer) location.reload();
  });
  document.addEventListener("htmx:after:swap", show);
  look().catch(() => {});
})();
