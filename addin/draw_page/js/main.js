// Where it begins: what the page was given, what the user drops, which of the two views is shown.

import { Ceremony, fitStage } from "./ceremony.js";
import { checkingPage } from "./page.js";
import { readFile } from "./reading.js";
import { Refusal } from "./shape.js";
import { browserLanguage, language, speak, text } from "./words.js";

const UNREADABLE = text("读不出来，可能已损坏。", "It cannot be read; it may be damaged.");
const root = document.getElementById("root");
const state = {
  files: { record: null, list: null, sealed: null, slip: null },
  names: {},
  refusals: [],
  typed: new Map(),
};
const ceremony = new Ceremony(state, { leave: () => show("check"), take, draw, switchLanguage });

function draw() {
  document.documentElement.lang = language() === "zh" ? "zh-CN" : "en";
  const ceremonial = document.documentElement.dataset.mode === "ceremony";
  document.title = ceremonial ? "现场抽签 EvenClass" : "抽签核对 EvenClass";
  root.replaceChildren(ceremonial ? ceremony.view() : checkingPage(state, acts));
  fitStage();
}

function show(mode) {
  document.documentElement.dataset.mode = mode;
  draw();
}

function switchLanguage() {
  speak(language() === "zh" ? "en" : "zh");
  draw();
}

function keep(name, bytes) {
  try {
    const { kind, data } = readFile(bytes);
    state.files[kind] = data;
    state.names[kind] = name;
  } catch (trouble) {
    state.refusals.push({ name, words: trouble instanceof Refusal ? trouble.words : UNREADABLE });
  }
}

/** Take files dropped or chosen, in any order. */
async function take(files) {
  state.refusals = [];
  for (const file of files) {
    try {
      keep(file.name, new Uint8Array(await file.arrayBuffer()));
    } catch {
      state.refusals.push({ name: file.name, words: UNREADABLE });
    }
  }
  draw();
}

const acts = {
  take,
  switchLanguage,
  ceremony: () => show("ceremony"),
  remove: (kind) => {
    state.files[kind] = null;
    delete state.names[kind];
    state.refusals = [];
    draw();
  },
};

/** Take what was put into the page when it was made: {record, list}, as text. */
function begin() {
  speak(browserLanguage());
  const given = JSON.parse(document.getElementById("given").textContent || "{}");
  const encoder = new TextEncoder();
  for (const content of Object.values(given)) keep(text("本页自带", "in this page")[language()], encoder.encode(content));
  window.addEventListener("dragover", (event) => event.preventDefault());
  window.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  window.addEventListener("resize", fitStage);
  window.addEventListener("keydown", (event) => ceremony.key(event));
  draw();
}

begin();
