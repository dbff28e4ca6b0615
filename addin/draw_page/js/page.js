// The checking page: files in, steps with their verdicts out.

import { makeCode } from "./code_input.js";
import { make, makeTable } from "./dom.js";
import { VERDICTS } from "./finding.js";
import { KINDS } from "./reading.js";
import { NOT_CHECKED, stepsOf } from "./steps.js";
import { language, text } from "./words.js";

const MARKS = { ok: "✓", bad: "✗", told: "!", missing: "–" };
const LONG = 12; // rows of a table that is folded away at first
const HINTS = {
  record: text("必需 · 公布的 .json", "needed · the .json that was published"),
  list: text("可选 · 公示的 .csv", "optional · the .csv that was posted"),
  sealed: text("可选 · 只给督学", "optional · inspectors have it"),
  slip: text("可选 · 只给学生本人", "optional · each family has its own"),
};

/** Return the checking page. `state` holds files, names, refusals, typed codes; `act` what the user can do. */
export function checkingPage(state, act) {
  const steps = state.files.record ? stepsOf(state.files) : [];
  return make("div", { class: "check" },
    make("header", {},
      make("div", {},
        make("h1", {}, text("抽签核对", "Check the draw")),
        make("p", { class: "brand" }, text("均衡分班 EvenClass", "EvenClass 均衡分班"))),
      make("nav", {},
        make("button", { type: "button", on: { click: act.ceremony } }, text("大屏抽签", "Ceremony")),
        make("button", { type: "button", lang: language() === "zh" ? "en" : "zh", on: { click: act.switchLanguage } },
          language() === "zh" ? "English" : "中文"))),
    make("p", { class: "intro" }, text(
      "把学校公布的文件放进来，这一页就在您自己的电脑上把抽签重算一遍，逐步说明算出来的与公布的是否相同。" +
        "它不联网，文件不会离开这台电脑。",
      "Drop the files that the school published, and this page works the whole draw out again on your own computer, " +
        "step by step, and says whether it agrees. It uses no network: no file leaves this computer.",
    )),
    dropZone(state, act),
    state.refusals.map(({ name, words }) => make("p", { class: "refusal", role: "alert" },
      make("strong", {}, name), text("：没有放入。", ": not taken. "), words)),
    steps.length ? summary(steps, state.files.record) : null,
    make("ol", { class: "steps" }, steps.map((step, at) => stepCard(step, at, state))),
    make("section", { class: "limits" },
      make("h2", {}, text("这一页不核对什么", "What this page does not check")),
      make("ul", {}, NOT_CHECKED.map((words) => make("li", {}, words)))),
    make("footer", {}, text(
      "算法见 docs/draw_format.md；本页的程序没有压缩，用“查看网页源代码”可以通读。",
      "The method is in docs/draw_format.md; the program of this page is readable: view its source.",
    )));
}

function dropZone(state, act) {
  const input = make("input", {
    type: "file", multiple: true, accept: ".json,.csv,.txt", id: "files",
    on: { change: (event) => act.take(event.target.files) },
  });
  return make("section", { class: "drop", "aria-label": text("放入文件", "Drop files") },
    make("label", { for: "files", class: "choose" },
      make("strong", {}, text("把文件拖到这里，或点这里选择", "Drop files here, or click to choose")),
      make("span", {}, text("可以一次放几个，先后不限", "several at once, in any order"))),
    input,
    make("ul", { class: "kinds" }, Object.entries(KINDS).map(([kind, label]) => make("li", { "data-there": state.names[kind] ? "yes" : "no" },
      make("span", { class: "mark", "aria-hidden": "true" }, state.names[kind] ? "✓" : ""),
      make("span", {}, make("strong", {}, label), " ", make("small", {}, state.names[kind] || HINTS[kind])),
      state.names[kind]
        ? make("button", { type: "button", class: "remove", on: { click: () => act.remove(kind) }, "aria-label": text(`拿掉${label.zh}`, `Remove the ${label.en}`) }, "×")
        : null))));
}

function summary(steps, record) {
  const wrong = steps.filter((step) => step.verdict === "bad");
  const right = steps.filter((step) => step.verdict === "ok");
  const notes = steps.filter((step) => step.verdict === "told");
  const names = (list) => text(list.map((s) => s.title.zh).join("、"), list.map((s) => s.title.en).join(", "));
  const head = wrong.length
    ? text(`有 ${wrong.length} 步不符：${names(wrong).zh}`, `${wrong.length} step${wrong.length > 1 ? "s do" : " does"} not agree: ${names(wrong).en}`)
    : text("重算的都符合", "Everything computed agrees");
  const rest = text(
    `${right.length} 步符合${notes.length ? `，${notes.length} 步请知悉（${names(notes).zh}）` : ""}`,
    `${right.length} steps agree${notes.length ? `; please note ${notes.length}: ${names(notes).en}` : ""}`,
  );
  return make("section", { class: "summary", "data-verdict": wrong.length ? "bad" : "ok", role: "status" },
    make("div", { class: "summary-head" }, wrong.length ? "✗ " : "✓ ", head),
    make("div", {}, rest, record.draw ? null : text("；这份记录还没有抽签", "; nothing has been drawn yet")),
    make("div", { class: "summary-of" }, [record.title, record.draw ? record.draw.when : record.seal.when, `EvenClass ${record.version}`].filter(Boolean).join(" · ")));
}

function stepCard(step, at, state) {
  return make("li", { class: "step", id: `step-${step.id}`, "data-verdict": step.verdict },
    make("h2", {}, make("span", { class: "number" }, String(at + 1)), step.title,
      make("span", { class: "badge" }, MARKS[step.verdict], " ", VERDICTS[step.verdict])),
    step.why.en ? make("p", { class: "why" }, step.why) : null,
    make("ul", { class: "findings" }, step.findings.map(({ verdict, words }) => make("li", { "data-verdict": verdict },
      make("span", { class: "mark", role: "img", "aria-label": VERDICTS[verdict] }, MARKS[verdict]), make("span", {}, words)))),
    step.shows.map((show) => shown(show, step, state)));
}

function shown(show, step, state) {
  if (show.kind === "code") return makeCode(show, state.typed);
  if (show.kind === "facts") {
    return make("dl", { class: "facts" }, show.facts.map(([label, value]) => [make("dt", {}, label), make("dd", { translate: "no" }, value)]));
  }
  const table = makeTable(show);
  if (show.rows.length <= LONG || show.loud) return table;
  const open = step.verdict === "bad";
  return make("details", { open }, make("summary", {}, text(`看全部 ${show.rows.length} 行`, `Show all ${show.rows.length} rows`)), table);
}
