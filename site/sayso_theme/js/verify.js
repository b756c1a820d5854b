/**
 * Verify a sayso profile where it is read, with the Ed25519 of WebCrypto: steps 1 to 9, 11 and 12 of SPEC.md, section
 * Verification. Step 10 needs a memory of what was seen before, which this module does not have.
 *
 * Objects inherit nothing wherever a member may be missing, so that nobody can add one by Object.prototype.
 */

const MAX_BYTES = 262_144; // of each file
const MAX_EVENTS = 64;
const MAX_SKEW = 300;
const MAX_LIFETIME = 400 * 86_400;
const DEADLINE = 20_000; // milliseconds for one file

/** Do not trust this profile: `step` and `code` are those of SPEC.md. */
export class VerificationError extends Error {
  name = "VerificationError";
  code;
  step;

  constructor(code, step, message) {
    super(message);
    this.code = code;
    this.step = step;
  }
}

/**
 * Nothing was found out, good or bad: `code` is `bad-base-url`, `network`, `not-found`, `bad-status`,
 * `answer-too-large`, `timed-out`, or `no-ed25519` where the browser has none, or none for a page without https.
 */
export class CouldNotCheck extends Error {
  name = "CouldNotCheck";
  code;

  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * Verify the bytes of `profile.jwt` and `keys.jsonl`, as fetched from a base URL.
 *
 * @param {Uint8Array} profile
 * @param {Uint8Array} keys
 * @param {string} base the canonical base URL, such as `https://ada.example/`
 * @param {number} at the reader's clock, in seconds since 1970
 * @returns {Promise<Readonly<{payload: object, digest: string, identity: string, kid: string, keyEvent: string,
 *   fingerprint: string}>>} what may be believed; it and its payload are frozen and inherit nothing
 * @throws {VerificationError} the step and the code of the first thing that is wrong
 * @throws {CouldNotCheck} `no-ed25519`
 */
export async function verify(profile, keys, base, at) {
  if (!(profile instanceof Uint8Array && keys instanceof Uint8Array)) throw new TypeError("the files are Uint8Array");
  if (!Number.isFinite(at)) throw new TypeError("the clock is a number of seconds");
  checkSizes(profile, keys); // step 1
  const [token, log] = [letters(profile), letters(keys)]; // copies, which nobody changes while we wait
  await needEd25519();
  const envelope = openEnvelope(token, "sayso-profile+jwt"); // steps 2 and 3
  const { events, digests } = await readKeyLog(log); // step 4
  const last = events.at(-1);
  await checkSignature(envelope, last.keys); // steps 5 and 6
  const payload = readPayload(envelope); // step 7
  checkAddress(payload, last, digests, base); // step 8
  checkTime(payload, at); // step 9
  checkFloor(payload, events.findLast((event) => event.floor)?.floor); // step 11
  checkWhole(payload); // step 12
  return Object.freeze({
    __proto__: null,
    payload: frozen(payload),
    digest: await digestOf(envelope.signed),
    identity: payload.identity,
    kid: envelope.kid,
    keyEvent: payload.key_event,
    fingerprint: fingerprint(payload.identity),
  });
}

/**
 * Fetch the two files of a profile, and verify them; both once more where they do not fit each other.
 *
 * @param {string} base the canonical base URL
 * @param {{at?: number, fetch?: typeof globalThis.fetch}} [options] the clock in seconds (now), and what fetches
 * @returns {ReturnType<typeof verify>}
 * @throws {VerificationError|CouldNotCheck}
 */
export async function fetchAndVerify(base, options) {
  const { at = Math.floor(Date.now() / 1000), fetch = globalThis.fetch } = { __proto__: null, ...options };
  if (!isCanonical(base)) throw new CouldNotCheck("bad-base-url", "this is not the address of a profile");
  const attempt = async () => {
    const profile = await get(`${base}sayso/profile.jwt`, fetch);
    return verify(profile, await get(`${base}sayso/keys.jsonl`, fetch), base, at);
  };
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof VerificationError && HALF_NEW.includes(error.code))) throw error;
  }
  return attempt();
}

// What a host may look like while one file is new and the other is not yet.
const HALF_NEW = ["unknown-key", "bad-signature", "wrong-identity", "wrong-key-event", "below-floor"];

function refuse(code, step, message) {
  throw new VerificationError(code, step, message);
}

// Step 1: sizes.

function checkSizes(...files) {
  if (files.some((data) => data.length > MAX_BYTES)) refuse("too-large", 1, `a file has more than ${MAX_BYTES} bytes`);
}

// Steps 2 and 3: an envelope and its one header.

const HEADER = /^\{"alg":"Ed25519","kid":"([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])","typ":"([a-z+-]+)"\}$/;

function openEnvelope(token, typ) {
  const segments = token.split(".");
  if (segments.length !== 3) refuse("not-three-segments", 2, "an envelope has three segments");
  if (!segments.every(isBase64url)) refuse("bad-base64url", 2, "a segment is not base64url in its one form");
  const [header, payload, signature] = segments.map(decode);
  if (signature.length !== 64) refuse("bad-signature-length", 2, "a signature has 64 bytes");
  const [, kid, said] = HEADER.exec(letters(header)) ?? [];
  if (said !== typ) refuse("bad-header", 3, `the header is not the one of a ${typ}`);
  return { kid, payload, signature, signed: `${segments[0]}.${segments[1]}` };
}

// Step 4: the key log.

async function readKeyLog(log) {
  const lines = log.split("\n");
  if (lines.pop() !== "" || lines.length < 1 || lines.length > MAX_EVENTS) {
    refuse("keylog-lines", 4, `a key log has 1 to ${MAX_EVENTS} lines, each ended by a line feed`);
  }
  let [events, digests] = [[], []];
  for (const line of lines) {
    const envelope = openLine(line, events.length);
    events = [...events, await readEvent(envelope, events.at(-1), digests.at(-1) ?? null, events.length)];
    digests = [...digests, await digestOf(envelope.signed)];
  }
  return { events, digests };
}

function openLine(line, number) {
  try {
    return openEnvelope(line, "sayso-keys+jwt");
  } catch (error) {
    return refuse("keylog-envelope", 4, `line ${number}: ${error.message}`);
  }
}

async function readEvent(envelope, before, digestBefore, number) {
  const event = readCanonical(envelope.payload, EVENT);
  if (!event) refuse("keylog-event", 4, `line ${number} is no canonical key event`);
  const { signer } = event;
  if ((await thumbprint(signer)) !== envelope.kid) refuse("keylog-signer", 4, `line ${number} has another kid`);
  if (isWeak(decode(signer.x))) refuse("weak-key", 4, `the signer of line ${number} is weak`);
  if (!(await isSigned(envelope, signer))) refuse("keylog-signature", 4, `line ${number} is not signed by its signer`);
  if (event.n !== number || event.prev !== digestBefore) {
    refuse("keylog-chain", 4, `line ${number} does not follow the line before`);
  }
  const announced = before ? before.next.includes(envelope.kid) : event.keys.some((key) => key.x === signer.x);
  if (!announced) refuse("keylog-signer", 4, `line ${number} is by a signer that was not announced`);
  if (before && event.sub !== before.sub) refuse("keylog-sub", 4, `line ${number} is of another address`);
  if (before && event.iat < before.iat) refuse("keylog-time", 4, `line ${number} is older than the line before`);
  return event;
}

// Steps 5 and 6: the key and the signature.

async function checkSignature(envelope, keys) {
  const names = await Promise.all(keys.map(thumbprint));
  const key = keys.find((_, place) => names[place] === envelope.kid);
  if (!key) refuse("unknown-key", 5, "the profile is not signed by a current key");
  if (isWeak(decode(key.x))) refuse("weak-key", 5, "the profile is signed by a weak key, which proves nothing");
  if (!(await isSigned(envelope, key))) refuse("bad-signature", 6, "the signature is not that of the profile");
}

// Step 7: the payload.

function readPayload(envelope) {
  return readCanonical(envelope.payload, PAYLOAD) ?? refuse("bad-payload", 7, "the payload is no canonical profile");
}

// Step 8: address, identity, key event.

function checkAddress({ sub, identity, key_event }, last, digests, base) {
  if (!isCanonical(base) || sub !== base || last.sub !== base) {
    refuse("wrong-address", 8, `the profile speaks for ${sub}, and not for where it was found`);
  }
  if (identity !== digests.at(0)) refuse("wrong-identity", 8, "the profile belongs to another key log");
  if (key_event !== digests.at(-1)) refuse("wrong-key-event", 8, "it was signed under another state of the key log");
}

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const CANONICAL_BASE = new RegExp(
  `^https://(?=[^/]{1,253}/)(?:${LABEL}\\.)+(?![0-9]+/)${LABEL}/(?:(?!\\.{1,2}/)[A-Za-z0-9_~!$&'()*+,;=:@.-]+/)*$`,
);
const isCanonical = (base) => typeof base === "string" && CANONICAL_BASE.test(base);

// Step 9: time.

function checkTime({ iat, exp }, at) {
  if (iat > at + MAX_SKEW) refuse("from-the-future", 9, "the profile is from the future; perhaps a clock is wrong");
  if (exp <= iat) refuse("ends-before-it-begins", 9, "the profile ends before it begins");
  if (exp - iat > MAX_LIFETIME) refuse("lives-too-long", 9, "the profile holds for more than 400 days");
  if (at >= exp) refuse("expired", 9, "the profile has ended");
}

// Step 11: the floor.

function checkFloor({ sequence, previous }, floor) {
  if (!floor) return;
  if (sequence <= floor.sequence || (sequence === floor.sequence + 1 && previous !== floor.digest)) {
    refuse("below-floor", 11, "the subject has disowned this version, or the one before it");
  }
}

// Step 12: names and references.

function checkWhole({ companies = [], grants = [], refusals = [], revocations = [], channels = [], wants = [] }) {
  const domains = companies.map((entry) => entry.domain);
  const ids = [grants, refusals, revocations, wants].map((entries) => entries.map((entry) => entry.id));
  for (const names of [domains, ...ids, channels.map((rule) => rule.channel)]) {
    if (new Set(names).size !== names.length) refuse("duplicate-id", 12, "two things of one kind have the same name");
  }
  const listed = new Set([...domains, "*"]);
  const named = [...[...grants, ...refusals].map((scope) => scope.to), ...wants.map((want) => want.open_to ?? [])];
  const unlisted = named.flat().find((name) => !listed.has(name));
  if (unlisted) refuse("dangling-reference", 12, `the profile names ${unlisted}, which it does not list`);
}

// Canonical form: decode, see that it fits, encode again, and compare.

/** Give the value of canonical bytes that fit a form, or undefined. */
function readCanonical(bytes, form) {
  try {
    const written = new TextDecoder("utf-8", { __proto__: null, fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(written, (_, part) => (isObject(part) ? Object.setPrototypeOf(part, null) : part));
    return form(value) && canonical(value) === written ? value : undefined;
  } catch {
    return undefined; // not UTF-8, not JSON, or too deep
  }
}

/** Write strings, booleans, null, integers, lists, and objects with ASCII names; JSON.stringify sees texts only. */
function canonical(value) {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return String(value);
  const members = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(",")}}`;
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// The forms of payload.schema.json and key-event.schema.json. A form tells whether a value has it. Optional members are
// not null, empty or false, since a default is not written.

const matches = (pattern) => (value) =>
  typeof value === "string" && !/\p{Surrogate}/u.test(value) && pattern.test(value); // of surrogates, lone ones
const integer = (least, most) => (value) => Number.isSafeInteger(value) && value >= least && value <= most;
const oneOf = (...values) => (value) => values.includes(value);
const either = (one, other) => (value) => one(value) || other(value);
const list = (form, most = Infinity) => (value) =>
  Array.isArray(value) && value.length >= 1 && value.length <= most && value.every((entry) => form(entry));

/** An object with all of the first members, any of the second, and no others. */
function object(always, optional) {
  const forms = { __proto__: null, ...always, ...optional };
  return (value) =>
    isObject(value) &&
    Object.keys(always).every((name) => Object.hasOwn(value, name)) &&
    Object.keys(value).every((name) => Object.hasOwn(forms, name) && forms[name](value[name]));
}

const SPAN = "P(?=[0-9YMWD]*[1-9])(?:[0-9]{1,2}Y)?(?:[0-9]{1,3}M)?(?:[0-9]{1,3}W)?(?:[0-9]{1,4}D)?";
const HOUR = "(?:[01][0-9]|2[0-3]):[0-5][0-9]";
const DIGEST = matches(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/);
const DIGEST_OR_NULL = either(oneOf(null), DIGEST);
const TEXT = matches(/^.{1,500}$/su);
const WORD = matches(/^[a-z][a-z0-9_]{0,31}(?:\.[a-z][a-z0-9_]{0,31})?$/);
const WORDS = list(WORD);
const COMPANY = matches(new RegExp(`^(?=.{1,253}$)(?:${LABEL}\\.)+${LABEL}$`));
const TO = list(either(oneOf("*"), COMPANY));
const ID = matches(/^[a-z0-9][a-z0-9-]{0,63}$/);
const CATEGORY = matches(/^[a-z]{2}(?:-[1-9][0-9]{0,3}){0,7}$/);
const DURATION = matches(new RegExp(`^${SPAN}$`));
const RATE = matches(new RegExp(`^[1-9][0-9]{0,3}/${SPAN}$`));
const SEQUENCE = integer(1, Number.MAX_SAFE_INTEGER);
const INSTANT = integer(0, 253_402_300_799);

const looksLikeTime = matches(new RegExp(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T${HOUR}:[0-5][0-9]Z$`));
const TIME = (value) => {
  const milliseconds = looksLikeTime(value) ? Date.parse(value) : NaN;
  return milliseconds >= 0 && new Date(milliseconds).toISOString() === value.replace("Z", ".000Z"); // no 31 February
};

const JWK = object({ crv: oneOf("Ed25519"), kty: oneOf("OKP"), x: DIGEST });
const EVENT = object(
  { v: oneOf(1), sub: matches(/^.{0,500}$/su), n: integer(0, MAX_EVENTS - 1), prev: DIGEST_OR_NULL,
    signer: JWK, keys: list(JWK, 4), next: list(DIGEST, 4), iat: INSTANT },
  { floor: object({ sequence: SEQUENCE, digest: DIGEST }) },
);

const LANGUAGE = matches(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,5}$/);
const QUIET = matches(new RegExp(`^${HOUR}-${HOUR} [A-Za-z0-9_+/-]{1,64}$`));
const NAMED = object({ named: list(COMPANY) });
const SCOPE = { channels: WORDS, categories: list(CATEGORY), note: TEXT };
const GRANT = object(
  { id: ID, to: TO, signals: WORDS, purposes: WORDS },
  { ...SCOPE, granularity: oneOf("event", "item", "category", "band", "aggregate"), lookback: DURATION,
    frequency: RATE, retention: DURATION, sharing: either(oneOf("processors", "anonymised"), NAMED),
    from: TIME, until: TIME, in_return: TEXT },
);
const WANT = object({ id: ID, what: TEXT }, { category: CATEGORY, budget: TEXT, until: TIME, open_to: list(COMPANY) });
const EXT_NAME = matches(/^[ -~]{1,100}$/);
const EXT_VALUE = matches(/^.{0,1000}$/su);
const PAYLOAD = object(
  { v: oneOf(1), sub: matches(/^(?=.{1,500}$)https:\/\/[!-~]+\/$/), identity: DIGEST, key_event: DIGEST,
    sequence: SEQUENCE, previous: DIGEST_OR_NULL, iat: INSTANT, exp: INSTANT,
    status: oneOf("active", "withdrawn"), vocabulary: integer(1, 1_000_000),
    subject: object({}, { name: TEXT, languages: list(LANGUAGE), country: matches(/^[A-Z]{2}$/) }) },
  { companies: list(object({ domain: COMPANY }, { name: TEXT, stage: WORD, note: TEXT })),
    grants: list(GRANT),
    refusals: list(object({ id: ID, to: TO }, { ...SCOPE, signals: WORDS, purposes: WORDS })),
    revocations: list(object({ id: ID, to: TO, revoked_at: INSTANT })),
    channels: list(object({ channel: WORD }, { never: oneOf(true), max: RATE, quiet: QUIET })),
    wants: list(WANT),
    interests: list(object({ topic: TEXT, level: oneOf("love", "like", "dislike") })),
    ext: (value) =>
      isObject(value) && list(([name, said]) => EXT_NAME(name) && EXT_VALUE(said))(Object.entries(value)) },
);

// Ed25519. What implementations differ in is checked here: small order and other encodings of the key and of R, and S.

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const SMALL_ORDER_Y = [
  ...[0n, 1n, P - 1n],
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
];

/** Tell whether the encoding of a point is of small order, or not its one encoding. */
function isWeak(point) {
  const y = number(point) % 2n ** 255n;
  return y >= P || SMALL_ORDER_Y.includes(y);
}

async function isSigned({ signature, signed }, { x }) {
  const key = decode(x);
  if ([key, signature.subarray(0, 32)].some(isWeak) || number(signature.subarray(32)) >= ORDER) return false;
  try {
    return (await crypto.subtle.verify("Ed25519", await importKey(key), signature, ascii(signed))) === true;
  } catch {
    return false; // the key is no point of the curve, which some tell so
  }
}

const importKey = (raw) => crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);

async function needEd25519() {
  try {
    await importKey(new Uint8Array(32).fill(0x66).fill(0x58, 0, 1)); // the base point, which is a good key
  } catch {
    throw new CouldNotCheck("no-ed25519", "this browser has no Ed25519, or the page did not come by https");
  }
}

async function digestOf(signed) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", ascii(signed)));
  return btoa(letters(hash)).replaceAll("+", "-").replaceAll("/", "_").replace("=", "");
}

const thumbprint = (jwk) => digestOf(canonical(jwk)); // RFC 7638

const fingerprint = (identity) =>
  String(number(decode(identity).reverse()) % 10n ** 40n).padStart(40, "0").match(/.{5}/g).join(" ");

// Bytes, as text in which each is a letter of U+0000 to U+00FF.

const letters = (bytes) => bytes.reduce((written, byte) => written + String.fromCharCode(byte), "");
const ascii = (written) => Uint8Array.from(written, (letter) => letter.charCodeAt(0));

/** Read bytes as a number, the lowest byte first. */
const number = (bytes) => bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);

/** Tell whether a text is base64url in its one form: no padding, and no bits left over at the end. */
function isBase64url(segment) {
  const end = [/^/, /^(?!)/, /[AQgw]$/, /[AEIMQUYcgkosw048]$/][segment.length % 4];
  return /^[A-Za-z0-9_-]*$/.test(segment) && end.test(segment);
}

const decode = (segment) => ascii(atob(segment.replaceAll("-", "+").replaceAll("_", "/")));

/** Freeze a value and all that is in it. */
function frozen(value) {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

// Fetching.

async function get(url, fetch) {
  const signal = AbortSignal.timeout(DEADLINE);
  try {
    const how = { __proto__: null, cache: "no-cache", credentials: "omit", redirect: "error", signal };
    const answer = await fetch(url, how);
    if ([404, 410].includes(answer.status)) throw new CouldNotCheck("not-found", `there is nothing at ${url}`);
    if (answer.status !== 200) throw new CouldNotCheck("bad-status", `${url} answers with status ${answer.status}`);
    return await read(answer.body.getReader(), url);
  } catch (error) {
    if (error instanceof CouldNotCheck) throw error;
    if (error?.name === "TimeoutError") throw new CouldNotCheck("timed-out", `${url} did not come whole in time`);
    throw new CouldNotCheck("network", `${url} could not be fetched, or its host lets no other site read it`);
  }
}

async function read(reader, url) {
  const data = new Uint8Array(MAX_BYTES);
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return data.subarray(0, length);
    if (length + value.length > MAX_BYTES) {
      reader.cancel().catch(() => {});
      throw new CouldNotCheck("answer-too-large", `${url} has more than ${MAX_BYTES} bytes`);
    }
    data.set(value, length);
    length += value.length;
  }
}
