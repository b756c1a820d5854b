/** Asks for an address, and writes whether the profile there verifies, why not, or why nobody can tell. */

import { CouldNotCheck, VerificationError, fetchAndVerify } from "./verify.js";

const form = document.getElementById("question");
const answer = document.getElementById("answer");
let asked = 0; // which question is the last one: an earlier one may be answered later

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const question = ++asked;
  answer.replaceChildren(element("p", "Checking …"));
  const parts = await check(canonical(new FormData(form).get("base").trim()));
  if (question === asked) answer.replaceChildren(...parts);
});

/** Complete an address as people type it: with https, and a slash at its end. */
function canonical(typed) {
  const address = typed.includes("://") ? typed : `https://${typed}`;
  return address.endsWith("/") ? address : `${address}/`;
}

async function check(base) {
  try {
    return verified(await fetchAndVerify(base));
  } catch (error) {
    if (error instanceof VerificationError) {
      return told("Not verified", [["Why", `${error.message} (${error.code}, step ${error.step})`]]);
    }
    if (error instanceof CouldNotCheck) return told("Could not check", [["Why", `${error.message} (${error.code})`]]);
    throw error;
  }
}

function verified({ payload, digest, fingerprint }) {
  return told("Verified", [
    ["Who", payload.subject.name ?? "somebody who gives no name"],
    ["Address", payload.sub],
    ["Version", payload.status === "withdrawn" ? `${payload.sequence}, withdrawn: it permits nothing` : payload.sequence],
    ["Holds from", time(payload.iat)],
    ["Ends", time(payload.exp)],
    ["Fingerprint", fingerprint],
    ["Digest", digest],
  ]);
}

/** Write a verdict and what is known; texts of the profile are never markup. */
function told(verdict, rows) {
  const list = document.createElement("dl");
  for (const [name, value] of rows) {
    const said = element("dd", value);
    said.dir = "auto";
    list.append(element("dt", name), said);
  }
  return [element("h2", verdict), list];
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function time(instant) {
  return new Date(instant * 1000).toISOString().replace(".000", "");
}
