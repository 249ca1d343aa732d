/** What the scan page shows.  Every sentence stands in the page or comes from the server. */

export const KEPT_ANSWERS = 5; // lines that are read from two metres

export const at = (id) => document.getElementById(id);
export const each = (selector, act, within = document) => within.querySelectorAll(selector).forEach(act);

/** A sentence of the server in the reader's language, or one of the page's own, by its name. */
export function spoken(message) {
  if (message.page) return document.querySelector(`[data-sentence=${message.page}]`).textContent;
  return message[document.documentElement.lang] ?? message.en;
}

const wide = matchMedia("(min-width: 48rem)");

/** All tasks to choose from; on a handheld only while none is chosen, or on a tap. */
export function drawTasks(task) {
  each("[data-task]", (button) => (button.ariaPressed = button.dataset.task === task));
  if (at("tasks").dataset.drawn === String(task)) return; // whoever opened them keeps them open
  at("tasks").dataset.drawn = task;
  at("tasks").open = !task || wide.matches;
  const chosen = document.querySelector("[data-task][aria-pressed=true] span");
  at("task").textContent = chosen?.textContent ?? at("task").dataset.none;
}
wide.addEventListener("change", () => {
  at("tasks").open = wide.matches || !document.querySelector("[data-task][aria-pressed=true]");
});

const CODES = /([0-9A-Z]+(?:-[0-9A-Z]+)+)/;
const FITS = 18; // characters in a line of a handheld

/** Write *text*; a code in it, like A-01-02, is not broken at the end of a line. */
function write(place, text) {
  const parts = text.split(CODES).map((part, turn) => (turn % 2 && part.length <= FITS ? line("b", part) : part));
  place.replaceChildren(...parts);
}

export function drawDialogue({ prompt, data, commands = [], expects = [], asks }, middle) {
  write(at("prompt"), spoken(prompt));
  each("[data-fact]", (fact) => {
    const told = data[fact.dataset.fact] ?? "";
    fact.textContent = told;
    fact.parentElement.hidden = told === "";
  });
  at("goods").hidden = !middle || !at("goods").querySelector("div:not([hidden])");
  each("[data-list]", (list) => drawList(list, data[list.dataset.list] ?? []));
  each("[data-may]", (button) => (button.hidden = !commands.includes(button.dataset.command)));
  at("yes").hidden = !asks;
  drawKeys(expects.includes("quantity"));
}

/** Keys for a number, on a screen that has them; whoever opened all keys keeps them. */
function drawKeys(number) {
  const field = at("field");
  if (field.inputMode !== "text") field.inputMode = number ? "decimal" : "none";
}

function drawList(section, lines) {
  section.hidden = lines.length === 0;
  section.querySelector("ul").replaceChildren(...lines.map((text) => line("li", text)));
}

function line(tag, text) {
  return Object.assign(document.createElement(tag), { textContent: text });
}

export function drawAnswer(answer) {
  if (!answer) return;
  drawTone(at("answer"), answer.tone);
  write(at("message"), answer.message ? spoken(answer.message) : "");
  at("code").textContent = answer.barcode;
  at("repeated").hidden = !answer.repeated;
}

export function drawDock(lines) {
  const drawn = lines.slice(0, KEPT_ANSWERS).map(({ barcode, tone }) => {
    const line = at("dock-line").content.cloneNode(true).firstElementChild;
    drawTone(line, tone);
    line.querySelector("span").textContent = barcode;
    return line;
  });
  at("dock").replaceChildren(...drawn);
}

/** What became of the scans that waited; each that was refused, with its reason. */
export function drawReplay({ sent, refused }) {
  at("replay").hidden = sent === 0;
  at("replay-sent").textContent = sent;
  at("replay-refused").textContent = refused.length;
  const lines = refused.map(({ barcode, message }) => {
    const item = document.createElement("li");
    item.append(line("strong", barcode), ` ${spoken(message)}`);
    return item;
  });
  at("replay").querySelector("ul").replaceChildren(...lines);
}

function drawTone(place, tone) {
  place.dataset.tone = tone;
  each("[data-tone]", (mark) => mark.toggleAttribute("hidden", mark.dataset.tone !== tone), place);
}
