// The words of those present, typed into the page before the draw: hidden while typed, then shown one by one.

import { normalPart } from "./canonical.js";
import { make } from "./dom.js";
import { said, text } from "./words.js";

const FIRST = [text("家长代表", "Parents"), text("教师代表", "Teachers"), text("督学", "Inspector")];

export class LiveWords {
  constructor(draw) {
    this.draw = draw;
    this.rows = FIRST.map((who) => ({ who, words: "" }));
    this.hidden = true;
    window.addEventListener("beforeunload", (event) => { if (this.parts().length && !this.saved) event.preventDefault(); });
    this.saved = false;
  }

  /** Return the parts as they count: normalised, rows without words left out. */
  parts() {
    return this.rows.map((row) => [normalPart(said(row.who)), normalPart(row.words)]).filter(([, words]) => words);
  }

  form() {
    const row = (one, at) => make("div", { class: "part-row" },
      make("input", { type: "text", class: "who", value: said(one.who), "aria-label": text("谁", "Who"), autocomplete: "off",
        on: { input: (event) => { one.who = event.target.value; } } }),
      make("input", { type: "text", class: this.hidden ? "said masked" : "said", value: one.words, autocomplete: "off", spellcheck: "false",
        "aria-label": text(`${said(one.who)}说的话或点数`, `What ${said(one.who)} says, or dice`),
        placeholder: text("一句话、几个数字、骰子点数……", "a few words, numbers, dice …"),
        on: { input: (event) => { one.words = event.target.value; this.saved = false; } } }),
      make("button", { type: "button", "aria-label": text("删掉这一行", "Remove this row"), on: { click: () => { this.rows.splice(at, 1); this.draw(); } } }, "×"));
    return make("div", { class: "parts-form" }, this.rows.map(row), make("div", { class: "form-foot" },
      make("button", { type: "button", on: { click: () => { this.rows.push({ who: "", words: "" }); this.draw(); } } }, text("＋ 再加一方", "+ Another party")),
      make("label", {}, make("input", { type: "checkbox", checked: this.hidden, on: { change: (event) => { this.hidden = event.target.checked; this.draw(); } } }),
        text(" 输入时不显示", " hide while typing"))));
  }

  /** Return what is to be done with the words now: save them, or give them to the program. */
  handOver() {
    const parts = this.parts();
    const command = ["evenclass draw BOOK.xlsx", ...parts.map((part) => `--say "${quoted(part.join("="))}"`)].join(" ");
    return make("div", { class: "hand-over" },
      make("p", {}, text("现在用这些话抽签：填进工作簿的“抽签”表再按按钮，或运行", "Now draw with these words: fill them into the sheet Draw and click the button, or run")),
      make("code", { translate: "no" }, command),
      make("p", {},
        make("button", { type: "button", on: { click: () => this.save(parts) } }, text("保存这些话 (JSON)", "Save the words (JSON)")),
        text(" 抽完，用“抽签凭证”（evenclass certificate）导出记录，拖到这里继续。",
          " After the draw write the record (evenclass certificate BOOK --record R.json) and drop it here to go on.")));
  }

  save(parts) {
    const content = new Blob([JSON.stringify(parts, null, 1) + "\n"], { type: "application/json" });
    const link = make("a", { href: URL.createObjectURL(content), download: "evenclass-parts.json" });
    link.click();
    URL.revokeObjectURL(link.href);
    this.saved = true;
  }
}

function quoted(words) {
  return words.replace(/["\\$`]/g, "\\$&");
}
