// What a step of checking found: findings, each with a verdict, and things to show beside them.

import { text } from "./words.js";

export const VERDICTS = {
  ok: text("符合", "agrees"),
  bad: text("不符", "does not agree"),
  told: text("请知悉", "please note"),
  missing: text("未核对", "not checked"),
};

export function ok(words) {
  return { verdict: "ok", words };
}

export function bad(words) {
  return { verdict: "bad", words };
}

export function told(words) {
  return { verdict: "told", words };
}

export function missing(words) {
  return { verdict: "missing", words };
}

/** Return ok(right) if something holds, else bad(wrong). */
export function holds(condition, right, wrong) {
  return condition ? ok(right) : bad(wrong);
}

/** Return whether a value recomputed is the one recorded, both shown where they differ. */
export function same(ours, theirs, right) {
  return holds(ours === theirs, right, text(
    `重新算出的是 ${ours}，记录里写的是 ${theirs}。`,
    `Computed anew: ${ours}; written in the record: ${theirs}.`,
  ));
}

/** Return the verdict of a step: that of its worst finding. */
export function verdictOf(findings) {
  const found = new Set(findings.map((finding) => finding.verdict));
  return ["bad", "told", "ok"].find((verdict) => found.has(verdict)) || "missing";
}
