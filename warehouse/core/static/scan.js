/**
 * The scan page: one field that never loses the focus, one answer for each scan, in order.
 *
 * The server holds the dialogue; this page shows what it said last.  A scanner is a keyboard that
 * types fast and ends with Enter or Tab: that ending alone splits scans, never the time between
 * keys.  A camera is a scanner too.
 */

import { Camera, codeInPicture } from "./scan-camera.js";
import { sendPhoto } from "./scan-photo.js";
import { PageTooOld, ScanQueue, SignedOut } from "./scan-queue.js";
import { signal, silence, tryAll } from "./scan-signals.js";
import { Damaged } from "./scan-store.js";
import * as view from "./scan-view.js";

const { at, each } = view;
const { person, device } = at("scan").dataset;
const ANSWERS = `answers/${person}`; // until the browser is closed
const DIALOGUE = `dialogue/${person}`; // longer: the page may be opened without a network
const WORST = ["refused", "warning", "good"];
const NOTHING_REPLAYED = { sent: 0, refused: [] };

let { answers, replay } = recalled(sessionStorage[ANSWERS]) ?? { answers: [], replay: NOTHING_REPLAYED };
let dialogue = recalled(localStorage[DIALOGUE]); // as the server said last
let refusal = null; // the last scan, if this device itself refused it
let photoFor = null; // the discrepancy report that wants a photo
let photoOf = ""; // its number: the parcel in hand may be another by now
let skew = 0; // minutes
let full = false;
let halted = false;

/** What is only shown: where it cannot be read, it is as if it had never been kept. */
function recalled(text = "null") {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const csrfToken = () => document.querySelector("meta[name=csrf-token]").content;
const queue = new ScanQueue({ person, device, token: csrfToken }, { changed: draw, answered });
const camera = new Camera(take);

// ── A scan ───────────────────────────────────────────────────────────────────────────────────────

function take(barcode) {
  if (halted) return;
  refusal = null;
  try {
    if (queue.away && attended(barcode)) {
      refuseHere(barcode, "attended");
      return resume(); // the network may be back, and nobody has noticed
    }
    queue.add(barcode);
    full = false;
  } catch (trouble) {
    if (trouble instanceof Damaged) return halt();
    full = true; // a scan that cannot be kept is not sent either: it could be lost on the way
    signal("refused", at("answer"));
    draw();
  }
  send();
}

/** Whether *barcode* belongs to a task that nobody may do without the server, like the exit gate. */
function attended(barcode) {
  const begins = (code) => document.querySelector(`[data-task][data-command="${CSS.escape(code)}"]`);
  const codes = [...queue.waiting.map((scan) => scan.barcode), barcode];
  const task = codes.map(begins).findLast(Boolean)?.dataset.task ?? dialogue?.task;
  return task && document.querySelector(`[data-task=${task}]`)?.dataset.offline === "false";
}

function refuseHere(barcode, sentence) {
  refusal = { barcode, tone: "refused", message: { page: sentence } };
  remember(refusal);
  announce("refused", refusal.message);
}

async function send() {
  try {
    await queue.drain();
  } catch (trouble) {
    if (trouble instanceof SignedOut) signIn();
    else if (trouble instanceof PageTooOld) await renew();
    else if (trouble instanceof Damaged) halt();
    else throw trouble;
  }
}

function signIn() {
  location.assign("/sign-in?next=/scan");
}

function answered(scans, replies) {
  refusal = null;
  replies.forEach((answer, turn) => hear(scans[turn], answer));
  const tone = WORST.find((worst) => replies.some((answer) => answer.tone === worst));
  announce(tone, replies.findLast((answer) => answer.tone === tone).message);
}

function hear({ barcode, waited }, answer) {
  const { tone, message, repeated } = answer;
  if (waited) {
    const refused = tone === "refused" ? [...replay.refused, { barcode, message }] : replay.refused;
    replay = { sent: replay.sent + 1, refused };
  } else if (!replay.refused.length) {
    replay = NOTHING_REPLAYED; // read, and nothing to be done about it
  }
  remember({ barcode, tone, message, repeated });
  if (answer.state) heed(answer);
}

function remember(answer) {
  answers = [answer, ...answers].slice(0, view.KEPT_ANSWERS);
  sessionStorage[ANSWERS] = JSON.stringify({ answers, replay });
}

function announce(tone, message) {
  draw();
  signal(tone, at("answer"));
  at(tone === "refused" ? "alarm" : "said").textContent = view.spoken(message);
}

/** Follow the server; what was not taken leaves what is in hand. */
function heed({ task, state, prompt, data, commands, expects, asks, tone }) {
  const moved = dialogue?.task !== task || dialogue?.state !== state;
  const kept = tone === "refused" || asks ? { ...dialogue?.data, ...lists(data) } : data;
  dialogue = { task, state, prompt, data: moved ? data : kept, commands, expects, asks };
  localStorage[DIALOGUE] = JSON.stringify(dialogue);
  if (data.photo_for) [photoFor, photoOf] = [data.photo_for, data.discrepancy ?? data.case];
  skew = Math.round(Math.abs(data.skew ?? 0) / 60);
}

const lists = ({ tally, unknown }) => ({ ...(tally && { tally }), ...(unknown && { unknown }) });

/** Go on where the dialogue was left; scans that wait are sent after that. */
async function resume() {
  try {
    const response = await fetch("/api/v1/task", { signal: AbortSignal.timeout(5_000) });
    const task = await response.json();
    queue.away = false;
    if (response.ok) heed(task);
    else at("prompt").textContent = task.title;
  } catch {
    queue.away = true; // the answer to the next scan says where we are
  }
  draw();
  await send();
}

// ── What is seen ─────────────────────────────────────────────────────────────────────────────────

function draw() {
  if (halted) return;
  try {
    drawAll(queue.waiting);
  } catch (trouble) {
    if (!(trouble instanceof Damaged)) throw trouble;
    halt();
  }
}

function drawAll(waiting) {
  const awaited = waiting.map(({ barcode }) => ({ barcode, tone: "waiting" }));
  view.drawTasks(dialogue?.task);
  if (dialogue) view.drawDialogue(dialogue, inTheMiddle(dialogue));
  view.drawAnswer(refusal ?? awaited[0] ?? answers[0]);
  view.drawDock([...awaited.reverse(), ...answers]);
  view.drawReplay(replay);
  at("count").hidden = waiting.length === 0;
  document.querySelector("[data-count]").textContent = waiting.length;
  document.querySelector("[data-skew]").textContent = skew;
  const troubles = { away: queue.away, others: queue.store.othersWait, full, skew: skew > 0 };
  each("[data-when]", (line) => (line.hidden = !troubles[line.dataset.when]));
  document.querySelector("[data-tool=silent]").ariaPressed = silence.on;
  at("photo").hidden = !photoFor;
  at("photo-of").textContent = photoOf;
}

/** Whether something is in hand: what is shown then is what to take, and not what was done. */
function inTheMiddle({ task, state }) {
  return Boolean(task) && document.querySelector(`[data-task=${task}]`)?.dataset.first !== state;
}

/** What waits is damaged: nothing is taken until somebody with a copy in hand says so. */
function halt() {
  if (halted) return;
  halted = true;
  camera.close();
  at("field").readOnly = true;
  at("damaged").hidden = false;
  at("copy").href = URL.createObjectURL(new Blob([queue.store.copy()], { type: "application/json" }));
  signal("refused", at("damaged"));
}

// ── The page in another language, or with a fresh token, without leaving it ──────────────────────

/** Take the page's frame from *response*; what was scanned, and half a scan in the field, stay. */
async function reframe(response) {
  if (response.status === 401) signIn();
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const half = at("field").value;
  const token = "meta[name=csrf-token]";
  camera.close();
  document.querySelector(token).content = fresh.querySelector(token).content;
  document.documentElement.lang = fresh.documentElement.lang;
  document.title = fresh.title;
  document.body.replaceChildren(...fresh.body.childNodes);
  begin(half);
}

const fresh = () => fetch("/scan").then(reframe);
const withoutConnection = () => {}; // the page stays as it is

async function renew() {
  await fresh().catch(withoutConnection); // the next try renews
  await queue.rest(1000); // a page that is too old twice is a fault, not to be hammered
  await send();
}

document.addEventListener("submit", (event) => {
  if (new URL(event.target.action).pathname !== "/language") return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.target, event.submitter));
  fetch(event.target.action, { method: "POST", body }).then(fresh).catch(withoutConnection);
});

// ── Keys and fingers ─────────────────────────────────────────────────────────────────────────────

const focus = () => halted || at("field").focus({ preventScroll: true });

function begin(half = "") {
  draw();
  if (halted) return;
  const field = at("field");
  field.value = half;
  field.readOnly = false;
  focus();
}

/** A key as `aria-keyshortcuts` names it; a letter by its place, whatever the layout. */
function chord({ key, code, ctrlKey, shiftKey }) {
  const name = code.startsWith("Key") ? code.slice(3) : key;
  return [ctrlKey && "Control", shiftKey && "Shift", name].filter(Boolean).join("+");
}

function press(button) {
  at("field").value = "";
  take(button.dataset.command);
}

// On the document and before anything else: wherever the focus is, a scan lands in the field.
document.addEventListener("keydown", (event) => {
  if (halted) return;
  const field = at("field");
  const keys = `[aria-keyshortcuts="${CSS.escape(chord(event))}"]:not([hidden])`;
  const button = at("scan").querySelector(keys);
  const ends = event.key === "Enter" || event.key === "Tab";
  const types = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
  if (button) {
    event.preventDefault();
    press(button);
  } else if (ends && field.value) {
    event.preventDefault();
    const barcode = field.value;
    field.value = "";
    take(barcode);
  } else if (event.ctrlKey && event.code === "BracketRight") {
    event.preventDefault(); // how many scanners type GS (U+001D), which a field does not take
    field.setRangeText("{GS}", field.selectionStart, field.selectionEnd, "end");
  } else if (types && document.activeElement !== field && event.key !== " ") {
    focus(); // the character itself then arrives in the field
  }
}, { capture: true });

document.addEventListener("click", ({ target }) => {
  const { command, tool } = target.closest("[data-command], [data-tool]")?.dataset ?? {};
  if (command) take(command);
  if (tool) TOOLS[tool](target.closest("[data-tool]"));
  focus();
});
document.addEventListener("change", ({ target }) => CHANGES[target.id]?.(target));
document.addEventListener("focusout", ({ relatedTarget }) => relatedTarget ?? queueMicrotask(focus));
addEventListener("focus", focus); // back from another tab, window or program
addEventListener("storage", draw); // another tab

const TOOLS = {
  silent() {
    silence.toggle();
    draw();
    signal("good", at("answer"));
  },
  tones: () => tryAll(at("answer")),
  keyboard(button) {
    const shown = at("field").inputMode !== "text";
    at("field").inputMode = shown ? "text" : "none";
    button.ariaPressed = shown;
  },
  camera: () => camera.toggle(),
  yes: () => take(answers[0].barcode),
  seen() {
    replay = NOTHING_REPLAYED;
    draw();
  },
  reset() {
    queue.store.setDamagedAside();
    location.reload();
  },
};

const CHANGES = {
  async picture(input) {
    const code = await codeInPicture(input.files[0]).catch(() => null); // not a picture at all
    input.value = "";
    if (code) take(code);
    else refuseHere("", "no-code");
  },
  async "photo-file"(input) {
    const report = photoFor;
    const kept = await sendPhoto(input, report, csrfToken());
    if (kept && photoFor === report) photoFor = null;
    signal(kept ? "good" : "refused", at("answer"));
    draw();
  },
  copied: (box) => (document.querySelector("[data-tool=reset]").disabled = !box.checked),
};

begin();
if (!halted) resume();
navigator.serviceWorker?.register("/scan-worker.js", { scope: "/scan" }).catch(withoutConnection);
