"use strict";
// Marking: what is given is sent at once; what cannot be written stays on the page.
const PAUSE_MS = 800; // after the last key in a comment
const AGAIN_MS = 4000; // until what could not be sent is sent again
const desk = document.querySelector(".desk");
const most = Number(desk.dataset.max);
const sheets = [...document.querySelectorAll(".desk-sheet")].map(sheetOf);
const state = document.querySelector(".desk-bar .desk-state");

function sheetOf(box) {
  const part = (name) => box.querySelector(`[data-${name}]`);
  const sheet = {
    box, id: box.dataset.id, seen: box.dataset.seen, waits: box.dataset.waits === "1",
    text: part("text"), told: part("state"), name: part("name"),
    points: part("points"), comment: part("comment"), conflict: part("conflict"),
    why: part("why"), theirs: part("theirs"), found: null,
    steps: [...box.querySelectorAll("[data-give]")],
    changed: {}, isSending: false, timer: 0,
  };
  sheet.points.addEventListener("change", () => givePoints(sheet, sheet.points.value));
  sheet.comment?.addEventListener("input", () => {
    sheet.changed.comment = sheet.comment.value;
    tell(sheet, "not saved yet", "pending");
    later(sheet, PAUSE_MS);
  });
  sheet.comment?.addEventListener("change", () => send(sheet));
  for (const step of sheet.steps) {
    step.addEventListener("click", () => givePoints(sheet, step.dataset.give));
  }
  part("mine").addEventListener("click", () => {
    sheet.seen = sheet.found.state;
    settle(sheet);
    send(sheet);
  });
  part("take").addEventListener("click", () => {
    sheet.changed = {};
    take(sheet, sheet.found);
    settle(sheet);
  });
  box.addEventListener("focusin", () => load(sheet));
  return sheet;
}

function givePoints(sheet, text) {
  const points = text === "" ? null : Number(text);
  if (points !== null && !(points >= 0 && points <= most)) {
    tell(sheet, `not saved: points are from 0 to ${most}`, "bad");
    return;
  }
  sheet.points.value = points === null ? "" : String(points);
  press(sheet);
  sheet.changed.points = points;
  send(sheet);
}

function press(sheet) {
  for (const step of sheet.steps) {
    const is = sheet.points.value !== "" && Number(sheet.points.value) === Number(step.dataset.give);
    step.setAttribute("aria-pressed", String(is));
  }
}

function later(sheet, ms) {
  clearTimeout(sheet.timer);
  sheet.timer = setTimeout(() => send(sheet), ms);
}

async function send(sheet) {
  clearTimeout(sheet.timer);
  if (sheet.isSending || !sheet.conflict.hidden || !Object.keys(sheet.changed).length) return;
  const sent = sheet.changed;
  sheet.changed = {};
  sheet.isSending = true;
  tell(sheet, "saving …", "pending");
  let answer, found;
  try {
    const body = JSON.stringify({ id: sheet.id, seen: sheet.seen, ...sent });
    answer = await fetch("save", {
      method: "POST", body, keepalive: body.length < 60000,
      headers: { "Content-Type": "application/json" },
    });
    found = await answer.json();
  } catch {
    found = null;
  }
  sheet.isSending = false;
  if (found && answer.ok) {
    take(sheet, found);
    count(found.waiting);
    const now = new Date().toTimeString().slice(0, 8);
    tell(sheet, found.waits ? `waits; saved ${now}` : `marked; saved ${now}`, found.waits ? "" : "good");
    if (Object.keys(sheet.changed).length) send(sheet); // given meanwhile
    return;
  }
  sheet.changed = { ...sent, ...sheet.changed };
  if (found && answer.status === 409) {
    sheet.found = found;
    sheet.why.textContent = found.why_not;
    const points = found.points === null ? "no points" : `${found.points} points`;
    sheet.theirs.textContent = `In the gradebook: ${points}, ` +
      (found.comment ? `comment “${found.comment}”.` : "no comment.");
    sheet.conflict.hidden = false;
    reread(sheet);
    tell(sheet, "not saved: see below", "bad");
  } else if (found?.why_not) {
    tell(sheet, `not saved: ${found.why_not}`, "bad");
  } else {
    const why = answer ? `the server said ${answer.status}` : "the server does not answer";
    tell(sheet, `not saved: ${why}; leave this page open`, "bad");
    later(sheet, AGAIN_MS);
  }
}

function take(sheet, found) {
  sheet.seen = found.state;
  sheet.waits = found.waits;
  if (!("points" in sheet.changed)) {
    sheet.points.value = found.points === null ? "" : String(found.points);
    press(sheet);
  }
  const isWriting = document.activeElement === sheet.comment;
  if (sheet.comment && !("comment" in sheet.changed) && !isWriting) {
    sheet.comment.value = found.comment;
  }
}

function settle(sheet) {
  sheet.conflict.hidden = true;
  sheet.box.focus();
  tell(sheet, sheet.waits ? "waits" : "marked", "");
}

function tell(sheet, text, kind) {
  sheet.told.textContent = text;
  sheet.told.dataset.kind = kind;
  const left = sheets.filter((one) => Object.keys(one.changed).length || one.isSending);
  const bad = sheets.filter((one) => one.told.dataset.kind === "bad");
  state.dataset.kind = bad.length ? "bad" : "";
  const number = sheets.indexOf(sheet) + 1;
  state.textContent = bad.length ? `${bad.length} not saved: ${bad.map((one) => sheets.indexOf(one) + 1).join(", ")}`
    : left.length ? "saving …" : `answer ${number}: ${text}`;
}

function count(waiting) {
  for (const place of document.querySelectorAll("[data-waiting]")) {
    place.textContent = `${waiting[place.dataset.waiting] ?? 0} wait`;
  }
  document.querySelector("[data-left]").textContent = waiting[desk.dataset.question] ?? 0;
}

// Answers of many pictures come when they are looked at.
async function load(sheet) {
  if (!("later" in sheet.text.dataset)) return;
  delete sheet.text.dataset.later;
  await reread(sheet);
}

async function reread(sheet) {
  try {
    const answer = await fetch(`answer/${sheet.id}`);
    sheet.text.innerHTML = (await answer.json()).shown; // cleaned by the server
  } catch {
    sheet.text.dataset.later = "";
    sheet.text.textContent = "[it could not be loaded; come back to this answer]";
  }
}

const watcher = new IntersectionObserver((seen) => {
  for (const one of seen) {
    if (one.isIntersecting) load(sheets.find((sheet) => sheet.box === one.target));
  }
}, { rootMargin: "600px" });
for (const sheet of sheets) {
  if ("later" in sheet.text.dataset) watcher.observe(sheet.box);
}

// Names: fetched when they are wanted, and kept from one question to the next.
const names = document.querySelector("[data-names]");
async function showNames(are) {
  const called = are ? await (await fetch(`${desk.dataset.number}/names`)).json() : {};
  for (const sheet of sheets) sheet.name.textContent = called[sheet.id] ?? "";
  names.setAttribute("aria-pressed", String(are));
  sessionStorage.setItem("names", are ? "shown" : "");
}
const toggleNames = () => showNames(names.getAttribute("aria-pressed") !== "true");
names.addEventListener("click", toggleNames);
if (sessionStorage.getItem("names")) showNames(true);

// Keys, as the page lists them.
const here = () => sheets.findIndex((sheet) => sheet.box.contains(document.activeElement));
function go(to) {
  if (to < 0 || to >= sheets.length) return;
  sheets[to].box.focus();
  sheets[to].box.scrollIntoView({ block: "start" });
}
function goToWaiting() {
  const from = here();
  const order = [...sheets.slice(from + 1), ...sheets.slice(0, from + 1)];
  const next = order.find((sheet) => sheet.waits && !("points" in sheet.changed));
  if (next) go(sheets.indexOf(next));
  else state.textContent = "none waits";
}
document.querySelector("[data-next]").addEventListener("click", goToWaiting);
function leaveTo(number) {
  if (number !== "") location.href = number;
}

const keys = {
  j: () => go(here() + 1),
  k: () => go(here() - 1),
  u: goToWaiting,
  n: toggleNames,
  "]": () => leaveTo(desk.dataset.after),
  "[": () => leaveTo(desk.dataset.before),
};
const sheetKeys = {
  "+": (sheet) => givePoints(sheet, Math.min(most, Number(sheet.points.value) + 0.5)),
  "-": (sheet) => givePoints(sheet, Math.max(0, Number(sheet.points.value) - 0.5)),
  p: (sheet) => sheet.points.select(),
  c: (sheet) => (sheet.comment ?? sheet.points).focus(),
  Enter: (sheet) => {
    if (sheet.points.value !== "") givePoints(sheet, sheet.points.value);
    goToWaiting();
  },
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target, sheet = sheets[here()];
  if (target.matches("input, textarea")) {
    const isDone = event.key === "Escape" || (event.key === "Enter" && target.matches("input"));
    if (isDone && sheet) {
      event.preventDefault();
      sheet.box.focus(); // its field has changed: that saves
    }
    return;
  }
  if (target.matches("button, summary, a") && ["Enter", " "].includes(event.key)) return;
  const act = keys[event.key] ?? (sheet && sheetKeys[event.key]);
  const step = sheet?.steps.find((one) => one.dataset.give === event.key);
  if (!act && !step) return;
  event.preventDefault();
  if (step) givePoints(sheet, event.key);
  else act(sheet);
});

addEventListener("pagehide", () => sheets.forEach(send));
addEventListener("beforeunload", (event) => {
  if (sheets.some((sheet) => Object.keys(sheet.changed).length)) event.preventDefault();
});
if (matchMedia("(max-width: 60rem)").matches) {
  document.querySelectorAll(".desk-folds").forEach((one) => one.removeAttribute("open"));
}
