// A code shown large, and a field to type the one that was announced, compared sign by sign.

import { typedCode } from "./canonical.js";
import { make } from "./dom.js";
import { said, text } from "./words.js";

const ASK = text("输入当场宣布的短码，与上面对照", "Type the code that was announced to compare it");
const SAME = text("✓ 一样", "✓ the same");
const OTHER = text("✗ 不一样", "✗ not the same");

/** Return the code with its field. `typed` keeps what was typed, by the code's label, while the page is drawn anew. */
export function makeCode({ label, value, full }, typed) {
  const verdict = make("output", { class: "compared", "aria-live": "polite" });
  const compare = (words) => {
    const code = typedCode(words);
    const done = code.length >= value.length;
    const fits = value.startsWith(code);
    verdict.textContent = !code || (fits && !done) ? "" : said(fits ? SAME : OTHER);
    verdict.dataset.verdict = fits ? "ok" : "bad";
  };
  const field = make("input", {
    type: "text", size: "24", autocomplete: "off", spellcheck: "false", "aria-label": ASK, placeholder: ASK,
    value: typed.get(label.en) || "",
    on: { input: (event) => { typed.set(label.en, event.target.value); compare(event.target.value); } },
  });
  compare(field.value);
  return make("div", { class: "code" },
    make("div", { class: "code-label" }, label),
    make("div", { class: "code-value", translate: "no" }, value),
    make("div", { class: "code-full", translate: "no" }, full),
    make("div", { class: "code-compare" }, field, verdict));
}
