// Elements made from words; text never becomes markup.

import { said } from "./words.js";

/**
 * Return an element. `facts`: attributes by name, `on` listeners by event, properties `value` and `checked`, `columns` for a grid;
 * children are nodes, strings or words in both languages, null and false left out.
 */
export function make(tag, facts = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (name === "on") Object.entries(value).forEach(([event, listen]) => element.addEventListener(event, listen));
    else if (name === "columns") element.style.setProperty("--columns", value); // the policy of the page bars an attribute
    else if (name === "value" || name === "checked") element[name] = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== false) element.setAttribute(name, typeof value === "object" ? said(value) : value);
  }
  element.append(...children.flat(Infinity).filter((c) => c !== null && c !== false).map(nodeOf));
  return element;
}

function nodeOf(child) {
  return child instanceof Node ? child : said(child);
}

/** Return a table; `bad` are the rows that are marked. */
export function makeTable({ head, rows, bad = [], figures = false }) {
  return make("div", { class: "scroll", tabindex: "0" }, make("table", { class: figures ? "figures" : null },
    make("thead", {}, make("tr", {}, head.map((cell) => make("th", { scope: "col" }, cell)))),
    make("tbody", {}, rows.map((row, at) => make("tr", { class: bad.includes(at) ? "bad" : null }, row.map((cell, column) => (
      column === 0 ? make("th", { scope: "row" }, cell) : make("td", {}, cell)
    )))))));
}
