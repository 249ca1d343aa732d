/**
 * The scan page: one field that never loses the focus, one answer for each scan, in order.
 *
 * The server holds the dialogue; this page shows what it said last.  A scanner is a keyboard that
 * types fast and ends with Enter or Tab: that ending alone splits scans, never the time between
 * keys.  Every sentence stands in the page or comes from the server, none stands here.
 */

import { PageTooOld, ScanQueue, SignedOut } from "./scan-queue.js";
import { signal, silence, tryAll } from "./scan-signals.js";

const KEPT_ANSWERS = 5;
const PICKING = ["scan_bin", "scan_goods"];

const at = (id) => document.getElementById(id);
const each = (selector, act, within = document) => within.querySelectorAll(selector).forEach(act);
const { person, device } = at("scan").dataset;
const memory = `answers/${person}`;

let answers = JSON.parse(sessionStorage[memory] ?? "[]"); // newest first
let dialogue = null; // {task, state, prompt, data} as the server said last
let full = false;

const queue = new ScanQueue(
  { person, device, token: () => document.querySelector("meta[name=csrf-token]").content },
  { changed: draw, answered },
);

// ── A scan ───────────────────────────────────────────────────────────────────────────────────────

function take(barcode) {
  try {
    queue.add(barcode);
    full = false;
  } catch {
    full = true; // a scan that cannot be kept is not sent either: it could be lost on the way
    signal("refused", at("answer"));
    draw();
  }
  send();
}

async function send() {
  try {
    await queue.drain();
  } catch (trouble) {
    if (trouble instanceof SignedOut) signIn();
    else if (trouble instanceof PageTooOld) await renew();
    else throw trouble;
  }
}

function signIn() {
  location.assign("/sign-in?next=/scan");
}

function answered(scan, answer) {
  if (answer.state) heed(answer);
  const { tone, message, repeated } = answer;
  answers = [{ barcode: scan.barcode, tone, message, repeated }, ...answers].slice(0, KEPT_ANSWERS);
  sessionStorage[memory] = JSON.stringify(answers);
  draw();
  signal(tone, at("answer"));
  at(tone === "refused" ? "alarm" : "said").textContent = spoken(message);
}

/** Follow the server; a refusal that names no goods leaves those that were to be picked. */
function heed({ task, state, prompt, data }) {
  const kept = data.quantity ? data : dialogue?.data;
  dialogue = { task, state, prompt, data: PICKING.includes(state) ? kept : null };
}

/** Go on where the dialogue was left; scans that wait are sent after that. */
async function resume() {
  try {
    const response = await fetch("/api/v1/task", { signal: AbortSignal.timeout(5_000) });
    const task = await response.json();
    if (response.ok) heed(task);
    else at("prompt").textContent = task.title;
    draw();
  } catch {
    // No connection: the answer to the next scan says where we are.
  }
  await send();
}

// ── What is seen ─────────────────────────────────────────────────────────────────────────────────

const spoken = (sentences) => sentences[document.documentElement.lang];

function draw() {
  const waiting = queue.waiting;
  const awaited = waiting.map(({ barcode }) => ({ barcode, tone: "waiting" }));
  drawDialogue();
  drawAnswer(awaited[0] ?? answers[0]);
  drawDock([...awaited.reverse(), ...answers].slice(0, KEPT_ANSWERS));
  at("count").hidden = waiting.length === 0;
  document.querySelector("[data-count]").textContent = waiting.length;
  const troubles = { away: queue.away && waiting.length > 0, others: queue.othersWait, full };
  each("[data-when]", (line) => (line.hidden = !troubles[line.dataset.when]));
  document.querySelector("[data-tool=silent]").ariaPressed = silence.on;
}

function drawDialogue() {
  if (!dialogue) return;
  at("prompt").textContent = spoken(dialogue.prompt);
  at("goods").hidden = !dialogue.data;
  each("[data-fact]", (fact) => (fact.textContent = dialogue.data?.[fact.dataset.fact] ?? ""));
  each("[data-task]", (button) => (button.ariaPressed = button.dataset.task === dialogue.task));
}

function drawAnswer(answer) {
  if (!answer) return;
  drawTone(at("answer"), answer.tone);
  at("message").textContent = answer.message ? spoken(answer.message) : "";
  at("code").textContent = answer.barcode;
  at("repeated").hidden = !answer.repeated;
}

function drawDock(lines) {
  const drawn = lines.map(({ barcode, tone }) => {
    const line = at("dock-line").content.cloneNode(true).firstElementChild;
    drawTone(line, tone);
    line.querySelector("span").textContent = barcode;
    return line;
  });
  at("dock").replaceChildren(...drawn);
}

function drawTone(place, tone) {
  place.dataset.tone = tone;
  each("[data-tone]", (mark) => mark.toggleAttribute("hidden", mark.dataset.tone !== tone), place);
}

// ── The page in another language, or with a fresh token, without leaving it ──────────────────────

/** Take the page's frame from *response*; what was scanned, and half a scan in the field, stay. */
async function reframe(response) {
  if (response.status === 401) signIn();
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const half = at("field").value;
  const token = "meta[name=csrf-token]";
  document.querySelector(token).content = fresh.querySelector(token).content;
  document.documentElement.lang = fresh.documentElement.lang;
  document.title = fresh.title;
  document.body.replaceChildren(...fresh.body.childNodes);
  begin(half);
}

async function renew() {
  await fetch("/scan").then(reframe, () => {}); // without a connection the next try renews
  await queue.rest(1000); // a page that is too old twice is a fault, not to be hammered
  await send();
}

document.addEventListener("submit", async (event) => {
  if (new URL(event.target.action).pathname !== "/language") return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.target, event.submitter));
  // Without a connection the page stays as it is.
  await fetch(event.target.action, { method: "POST", body }).then(reframe, () => {});
});

// ── Keys and fingers ─────────────────────────────────────────────────────────────────────────────

const focus = () => at("field").focus({ preventScroll: true });

function begin(half = "") {
  draw(); // a damaged store throws: then the field stays closed, and the store as it is
  const field = at("field");
  field.value = half;
  field.readOnly = false;
  focus();
}

// On the document and before anything else: wherever the focus is, a scan lands in the field.
document.addEventListener("keydown", (event) => {
  const field = at("field");
  const button = at("scan").querySelector(`[aria-keyshortcuts="${CSS.escape(event.key)}"]`);
  const ends = event.key === "Enter" || event.key === "Tab";
  const types = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
  if (button) {
    event.preventDefault();
    field.value = "";
    take(button.dataset.command);
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
    const shown = at("field").inputMode === "none";
    at("field").inputMode = shown ? "text" : "none";
    button.ariaPressed = shown;
  },
};

begin();
resume();
