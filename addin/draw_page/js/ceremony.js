// Ceremony mode: the draw on a projector, step by step; keys, buttons, full screen.

import { make } from "./dom.js";
import { LiveWords } from "./live_words.js";
import { slidesOf } from "./slides.js";
import { stepsOf } from "./steps.js";
import { language, text } from "./words.js";

const FORWARD = ["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"];
const BACK = ["ArrowLeft", "ArrowUp", "PageUp", "Backspace"];
const PRESENTER = ["PageDown", "PageUp"]; // what a clicker sends: it works even while a field has the cursor

export class Ceremony {
  /** `act`: {leave, take, draw, switchLanguage}, what the page around can do. */
  constructor(state, act) {
    this.state = state;
    this.act = act;
    this.live = new LiveWords(act.draw);
    this.at = { slide: 0, beat: 0 };
    this.known = { files: [], steps: [] };
    this.announced = null; // the sealed code that was shown: a record of another list must not pass for this one
  }

  /** Return the steps of checking, computed once for the files that are there. */
  steps() {
    const files = Object.values(this.state.files);
    if (files.some((file, at) => file !== this.known.files[at]) || !this.known.files.length) {
      this.known = { files, steps: this.state.files.record ? stepsOf(this.state.files) : [] };
    }
    return this.known.steps;
  }

  slides() {
    return slidesOf({ files: this.state.files, steps: this.steps(), live: this.live });
  }

  /** Go to the next thing to show, or the one before. */
  go(forward) {
    const slides = this.slides();
    const { slide, beat } = this.at;
    const here = slides[Math.min(slide, slides.length - 1)];
    if (forward && beat < here.beats) this.at = { slide, beat: beat + 1 };
    else if (forward && slide < slides.length - 1) this.at = { slide: slide + 1, beat: 0 };
    else if (!forward && beat > 0) this.at = { slide, beat: beat - 1 };
    else if (!forward && slide > 0) this.at = { slide: slide - 1, beat: slides[slide - 1].beats };
    else return;
    this.act.draw();
  }

  jump(slide) {
    this.at = { slide, beat: 0 };
    this.act.draw();
  }

  key(event) {
    if (document.documentElement.dataset.mode !== "ceremony" || event.ctrlKey || event.altKey || event.metaKey) return;
    const inField = event.target instanceof Element && event.target.closest("input, textarea, button, a");
    if (inField && !PRESENTER.includes(event.key)) return;
    if (FORWARD.includes(event.key)) this.go(true);
    else if (BACK.includes(event.key)) this.go(false);
    else if (event.key === "Home") this.jump(0);
    else if (event.key === "End") this.jump(this.slides().length - 1);
    else if (event.key === "f" || event.key === "F") fullScreen();
    else return;
    event.preventDefault();
  }

  view() {
    const slides = this.slides();
    const slide = Math.min(this.at.slide, slides.length - 1);
    const beat = Math.min(this.at.beat, slides[slide].beats);
    this.at = { slide, beat };
    const here = slides[slide];
    const alarms = [this.otherList(), here.alarm].filter(Boolean);
    return make("div", { class: "ceremony", "data-slide": here.id },
      make("header", {},
        make("span", { class: "event" }, this.title()),
        make("nav", {},
          this.fileButton(),
          make("button", { type: "button", on: { click: this.act.switchLanguage } }, language() === "zh" ? "English" : "中文"),
          make("button", { type: "button", on: { click: fullScreen } }, text("全屏 (F)", "Full screen (F)")),
          make("button", { type: "button", on: { click: this.act.leave } }, text("核对页", "Checking page")))),
      make("main", { "aria-live": "polite" },
        make("h1", {}, here.title),
        this.state.refusals.map(({ name, words }) => make("p", { class: "alarm", role: "alert" }, name, text("：", ": "), words)),
        alarms.map((words) => make("p", { class: "alarm", role: "alert" }, words)),
        make("div", { class: "stage" }, here.body(beat)),
        make("div", { class: "outcome" }, here.checked && beat === here.beats ? checkedLine(here.checked) : null)),
      make("footer", {},
        make("p", { class: "proves" }, make("strong", {}, text("这一步说明：", "What this proves: ")), here.proves),
        make("div", { class: "bar" },
          make("ol", { class: "path" }, slides.map((one, at) => make("li", { "aria-current": at === slide ? "step" : null, "data-done": at < slide ? "yes" : "no" },
            make("button", { type: "button", on: { click: () => this.jump(at) } }, one.short)))),
          make("div", { class: "move" },
            make("button", { type: "button", on: { click: () => this.go(false) }, "aria-label": text("上一步", "Back") }, "◀"),
            make("button", { type: "button", class: "next", on: { click: () => this.go(true) } }, text("下一步 ▶", "Next ▶"))))));
  }

  /** Return words if the record is not of the list whose code was shown first. */
  otherList() {
    const { record } = this.state.files;
    if (record && !this.announced) this.announced = record.seal;
    if (!record || record.seal.code === this.announced.code) return null;
    return text(
      `这份记录的封存码与刚才展示的 ${this.announced.short} 不同：不是同一份名单！`,
      `This record is of another list: the code shown before was ${this.announced.short}!`,
    );
  }

  title() {
    const { record } = this.state.files;
    return record && record.title ? record.title : text("均衡分班 · 现场抽签", "EvenClass · public draw");
  }

  fileButton() {
    const input = make("input", {
      type: "file", multiple: true, accept: ".json,.csv", class: "hidden-file", tabindex: "-1", "aria-hidden": "true",
      on: { change: (event) => this.act.take(event.target.files) },
    });
    return [input, make("button", { type: "button", on: { click: () => input.click() } }, text("放入记录", "Load record"))];
  }
}

function checkedLine(step) {
  const good = step.verdict !== "bad";
  const wrong = step.findings.find((finding) => finding.verdict === "bad");
  return make("p", { class: "checked", "data-verdict": good ? "ok" : "bad" },
    good ? text("✓ 本页用另一套程序独立重算，符合", "✓ Worked out anew by an independent program in this page: agrees")
      : [text("✗ 不符：", "✗ Does not agree: "), wrong.words]);
}

/** Make what is on the stage smaller until all of it can be seen. */
export function fitStage() {
  const stage = document.querySelector(".stage");
  if (!stage) return;
  for (let share = 100; share >= 40; share -= 4) {
    stage.style.setProperty("--fit", String(share / 100));
    if (stage.scrollHeight <= stage.clientHeight) return;
  }
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {}); // a browser may refuse: the page works without
}
