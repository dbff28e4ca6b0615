// Pupils named in a cell, by id or by name, as the workbook reads them.

import { folded, trimmed } from "./cells.js";

const SEPARATORS = /[、，,;；\n\r]+/;
const HAN = /[\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;

/** Finds pupils: `ids` and `names` are their texts in roster order. */
export class Pupils {
  constructor(ids, names) {
    this.byId = indexed(ids.map(idKey));
    this.byName = indexed(names.map(nameKey));
  }

  /** Return the positions that a word stands for: one, none if unknown, several if ambiguous. */
  found(word) {
    return this.byId.get(idKey(word)) || this.byName.get(nameKey(word)) || [];
  }

  /** Return the positions of all pupils listed in a cell, null if one of them is unknown or ambiguous. */
  listed(cell) {
    const words = [];
    for (const part of trimmed(cell).split(SEPARATORS)) {
      const pieces = trimmed(part).split(/\s+/).filter(Boolean);
      const apart = pieces.length > 1 && !this.found(part).length && pieces.every((piece) => this.found(piece).length);
      if (apart) words.push(...pieces);
      else if (pieces.length) words.push(trimmed(part));
    }
    const found = words.map((word) => this.found(word));
    return found.every((those) => those.length === 1) ? found.map(([one]) => one) : null;
  }
}

function indexed(keys) {
  const index = new Map();
  keys.forEach((key, at) => { if (key) index.set(key, [...(index.get(key) || []), at]); });
  return index;
}

function idKey(text) {
  return folded(text).replace(/\s/g, "");
}

function nameKey(text) {
  const visible = folded(text).replace(/\p{Cf}/gu, "").replace(/[•・‧∙⋅]/g, "·").trim();
  return HAN.test(visible) ? visible.replace(/\s+/g, "") : visible.split(/\s+/).filter(Boolean).join(" ");
}
