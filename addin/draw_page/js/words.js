// Text in both languages side by side, and the language spoken.

/** Return one sentence or label in Chinese and in English. */
export function text(zh, en) {
  return { zh, en };
}

/** Return text that is the same in both languages: a name, a number, a code. */
export function plain(word) {
  return { zh: String(word), en: String(word) };
}

/** Join labels the way each language writes a list. */
export function listed(items) {
  return text(items.map((item) => item.zh).join("、"), items.map((item) => item.en).join(", "));
}

/** Return the first few of a list of words, and how many more there are. */
export function fewOf(words, most = 8) {
  const shown = words.slice(0, most).map(plain);
  const more = words.length - most;
  return listed(more > 0 ? [...shown, text(`……共 ${words.length} 个`, `… ${words.length} in all`)] : shown);
}

const spoken = { lang: "zh" };

export function language() {
  return spoken.lang;
}

export function speak(lang) {
  spoken.lang = lang === "en" ? "en" : "zh";
  return spoken.lang;
}

/** Return the language of the browser: English where it says so, else Chinese. */
export function browserLanguage() {
  const wanted = (navigator.languages || [navigator.language]).find((lang) => /^(zh|en)/i.test(lang));
  return wanted && /^en/i.test(wanted) ? "en" : "zh";
}

export function said(words) {
  return typeof words === "string" ? words : words[spoken.lang];
}
