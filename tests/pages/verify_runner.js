/**
 * Runs vectors in a page, as profile_spec/README.md says: `verify.js` is the file as it is shipped, and `steps.js` the same
 * with some of its functions exported, since the module does not give out an envelope, a key log or a signature alone.
 */

import * as steps from "./steps.js";
import { fetchAndVerify, verify } from "./verify.js";

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const given = (input, text, binary) =>
  Object.hasOwn(input, text) ? new TextEncoder().encode(input[text]) : bytes(input[binary]);

const kinds = {
  __proto__: null,

  async verify(input) {
    const files = ["profile", "keys"].map((name) => given(input, name, `${name}_base64`));
    const { digest, identity } = await verify(...files, input.base, input.at);
    return { digest, identity };
  },

  async envelope(input) {
    const token = given(input, "token", "base64");
    steps.checkSizes(token);
    const envelope = steps.openEnvelope(steps.letters(token), input.typ);
    await steps.checkSignature(envelope, [input.key]);
    const payload = btoa(steps.letters(envelope.payload));
    return { payload_base64: payload, digest: await steps.digestOf(envelope.signed), kid: envelope.kid };
  },

  async keylog(input) {
    const log = given(input, "keys", "base64");
    steps.checkSizes(log);
    const { events, digests } = await steps.readKeyLog(steps.letters(log));
    return {
      identity: digests[0],
      head: digests.at(-1),
      keys: await Promise.all(events.at(-1).keys.map(steps.thumbprint)),
      floor: events.findLast((event) => event.floor)?.floor ?? null,
    };
  },
};

/** Give what came of it, or why it was refused; an error that is none of ours is thrown. */
async function outcome(promise) {
  try {
    return await promise;
  } catch (error) {
    if (error.name === "VerificationError") return { step: error.step, code: error.code };
    if (error.name === "CouldNotCheck") return { code: error.code };
    throw error;
  }
}

globalThis.verify = verify;
globalThis.bytes = bytes;

/** Run vectors, or what has the form of one. */
globalThis.run = (vectors) => Promise.all(vectors.map(({ kind, input }) => outcome(kinds[kind](input))));

/** Tell of each signature whether it is that of a message by a key, all three in base64. */
globalThis.signatures = (cases) =>
  Promise.all(
    cases.map(([key, signature, message]) => {
      const x = key.replaceAll("+", "-").replaceAll("/", "_").replace("=", "");
      return steps.isSigned({ signature: bytes(signature), signed: atob(message) }, { x });
    }),
  );

/** Fetch vectors from the web server, and run them. */
globalThis.runFiles = async (paths) => run(await Promise.all(paths.map(async (path) => (await fetch(path)).json())));

/** Fetch a profile, by the network or from a folder of this server that plays its host, and verify it. */
globalThis.runFetch = async (base, options, folder, milliseconds) => {
  const hurried = (how) => ({ ...how, signal: AbortSignal.timeout(milliseconds) });
  const from = (url, how) => globalThis.fetch(url.replace(base, folder), milliseconds ? hurried(how) : how);
  return outcome(fetchAndVerify(base, folder ? { ...options, fetch: from } : options));
};

/** Do something while every object of the page inherits some members. */
globalThis.polluted = async (members, work) => {
  const before = Object.getOwnPropertyDescriptors(Object.prototype);
  const code = { toJSON: () => "{}", valueOf: () => 1, fetch: () => new Response("x") };
  for (const [name, value] of [...Object.entries(members), ...Object.entries(code)]) {
    Object.defineProperty(Object.prototype, name, { __proto__: null, value, configurable: true });
  }
  for (const name of ["code", "step", "payload", "digest"]) {
    Object.defineProperty(Object.prototype, name, { __proto__: null, get: () => 0, set: () => {}, configurable: true });
  }
  try {
    return await work();
  } finally {
    for (const name of Object.getOwnPropertyNames(Object.prototype)) {
      if (Object.hasOwn(before, name)) Object.defineProperty(Object.prototype, name, before[name]);
      else delete Object.prototype[name];
    }
  }
};
