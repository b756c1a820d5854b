// Earns the seal of a page of a profile: verifies the signed file in the reader's browser, and says what came of it.
import { CouldNotCheck, VerificationError, fetchAndVerify } from "./verify.js";

const seal = document.getElementById("seal");
const FILE = "sayso/profile.jwt";

/** Show a state; `code` and `step` say why. Texts are in the page, in its language. */
function show(state, code = "", step = "") {
  const of = (attribute, value) => seal.querySelector(`[data-${attribute}="${CSS.escape(value)}"]`);
  const why = of("why", code) ?? of("why", state === "unknown" ? state : `step-${step}`);
  Object.assign(seal.dataset, { state, code, step });
  const { lang } = seal.closest("[lang]");
  seal.querySelector("[data-now]").textContent = `(${new Date().toLocaleString(lang, { dateStyle: "long", timeStyle: "short" })})`;
  for (const part of seal.querySelectorAll("[data-when]")) {
    part.hidden = part.dataset.when !== state;
    const [reason, name] = [part.querySelector("[data-reason]"), part.querySelector("code[data-code]")];
    if (reason) reason.textContent = why?.textContent ?? "";
    if (name) name.textContent = code;
  }
}

/** Verify what is published beside this page; throws VerificationError or CouldNotCheck. */
async function check() {
  const base = new URL(seal.dataset.profile, location.href).href.slice(0, -FILE.length);
  const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(location.hostname);
  if (location.protocol === "file:" || local) throw new CouldNotCheck("not-at-home", "");
  const { digest, identity } = await fetchAndVerify(base);
  if (digest !== seal.dataset.digest) throw new VerificationError("other-version", 6, "");
  const wanted = location.hash.slice(1); // the identity, as in the QR code, whole or not; or a place in the page
  const meant = /^[A-Za-z0-9_-]{31,}$/.test(wanted) && !document.getElementById(wanted);
  if (meant && wanted !== identity) throw new VerificationError("other-identity", 8, "");
}

/** Mark what has ended by the reader's clock, whatever can be fetched and verified. */
const ended = document.getElementById("ended");
if (ended && Date.now() >= ended.dataset.exp * 1000) {
  ended.hidden = false;
  ended.closest(".sayso").classList.add("ended");
}

function look() {
  show("checking");
  check().then(
    () => show("verified"),
    (error) => show(error instanceof VerificationError ? "refused" : "unknown", error.code ?? "unknown", String(error.step ?? "")),
  );
}

if (seal) {
  addEventListener("hashchange", look);
  look();
}
