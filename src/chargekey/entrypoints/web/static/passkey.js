// Passkeys: a second way in, and adding one. Shown where the browser knows them; without script all is as it was.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || window.top !== window.self) return; // in a frame no browser lets us
  if (/^[\d.]+$/.test(location.hostname)) return; // nor at a bare address: a passkey belongs to a name
  const AGAIN_MS = 4 * 60 * 1000; // a challenge lasts five minutes, and a page may be open for longer
  const forms = (kind) => document.querySelectorAll(`form[data-passkey="${kind}"]`);
  const post = (path, form, more = {}) =>
    fetch(path, { method: "POST", body: new URLSearchParams({ csrf: form.elements.csrf.value }), redirect: "error", ...more });

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const base64url = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer ?? []))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const asked = async (form) => {
    const answer = await post(form.dataset.asks, form);
    if (answer.status !== 200) throw new Error(`asked, and was told ${answer.status}`);
    const options = await answer.json();
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const known of options.excludeCredentials ?? []) known.id = bytes(known.id);
    return options;
  };
  const hand_over = (form, values) => {
    for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
    form.submit();
  };

  // ── signing in ───────────────────────────────────────────────────
  let waits = null;
  const sign = async (form, mediation) => {
    waits?.abort();
    const mine = (waits = new AbortController());
    const publicKey = await asked(form);
    if (mine.signal.aborted) return;
    const used = await navigator.credentials.get({ publicKey, mediation, signal: mine.signal });
    hand_over(form, {
      credential: base64url(used.rawId),
      client_data: base64url(used.response.clientDataJSON),
      authenticator_data: base64url(used.response.authenticatorData),
      signature: base64url(used.response.signature),
      user_handle: base64url(used.response.userHandle),
    });
  };
  // In the field's own list, beside the addresses: whoever picks none is asked nothing.
  let again = 0;
  const fill_in = async (form) => {
    if (!("fillsIn" in form.dataset && (await PublicKeyCredential.isConditionalMediationAvailable?.()))) return;
    clearTimeout(again);
    again = setTimeout(() => fill_in(form), AGAIN_MS);
    await sign(form, "conditional").catch(() => {}); // given up for a press, or for a fresh challenge
  };

  // ── adding ───────────────────────────────────────────────────────
  const add = async (form) => {
    const made = await navigator.credentials.create({ publicKey: await asked(form) });
    hand_over(form, {
      client_data: base64url(made.response.clientDataJSON),
      attestation: base64url(made.response.attestationObject),
      transports: (made.response.getTransports?.() ?? []).join(","),
    });
  };

  // ── pressing ─────────────────────────────────────────────────────
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-passkey-go]");
    if (!button) return;
    const form = button.closest("form");
    const said = form.querySelectorAll("[role=status]");
    for (const one of said) one.hidden = true;
    button.disabled = true;
    await (form.dataset.passkey === "add" ? add(form) : sign(form, "optional")).catch((why) => {
      const is_known = why.name === "InvalidStateError"; // the authenticator has one of ours already
      for (const one of said) one.hidden = "passkeyKnown" in one.dataset !== is_known;
      if (form.dataset.passkey === "sign-in") fill_in(form);
    });
    button.disabled = false;
  });

  // ── the one offer, after a link signed in ────────────────────────
  let is_offered = false;
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-passkey-not-now]");
    if (!button) return;
    is_offered = false;
    button.closest("[data-passkey-offer]").hidden = true;
    post("/account/passkeys/offer/not-now", button.closest("form"), { keepalive: true }).catch(() => {});
  });
  const show = () => {
    for (const kind of ["add", "sign-in"]) for (const form of forms(kind)) form.hidden = false;
    for (const offer of document.querySelectorAll("[data-passkey-offer]")) offer.hidden = !is_offered;
  };
  const offer = async () => {
    const block = document.querySelector("[data-passkey-offer]");
    if (!block || !(await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable())) return;
    is_offered = true;
    show();
    await post("/account/passkeys/offer/seen", block.querySelector("form"), { keepalive: true });
  };

  document.addEventListener("htmx:after:swap", show);
  show();
  for (const form of forms("sign-in")) fill_in(form);
  offer().catch(() => {});
})();
