// Exact fractions of BigInt: sums, means and gaps without rounding.

/** top / bottom, bottom above 0; not in lowest terms, which nothing here needs. */
export class Ratio {
  constructor(top, bottom = 1n) {
    this.top = top;
    this.bottom = bottom;
  }

  /** Return the value of decimal text such as -12.50, null if it is none. */
  static from(text) {
    const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
    if (!found) return null;
    const places = found[3] || "";
    const digits = BigInt(found[2] + places);
    return new Ratio(found[1] ? -digits : digits, 10n ** BigInt(places.length));
  }

  plus(other) {
    if (this.bottom === other.bottom) return new Ratio(this.top + other.top, this.bottom);
    return new Ratio(this.top * other.bottom + other.top * this.bottom, this.bottom * other.bottom);
  }

  minus(other) { return this.plus(new Ratio(-other.top, other.bottom)); }
  times(other) { return new Ratio(this.top * other.top, this.bottom * other.bottom); }

  /** Return this divided by something above 0. */
  over(other) { return new Ratio(this.top * other.bottom, this.bottom * other.top); }

  equals(other) { return this.top * other.bottom === other.top * this.bottom; }
  below(other) { return this.top * other.bottom < other.top * this.bottom; }

  /** Return the nearest double. */
  number() {
    const sign = this.top < 0n ? -1 : 1;
    const top = this.top < 0n ? -this.top : this.top;
    const whole = top / this.bottom;
    const rest = ((top % this.bottom) * 10n ** 30n) / this.bottom;
    return sign * Number(`${whole}.${String(rest).padStart(30, "0")}`);
  }

  /** Return the value as decimal text, rounded half up, zeros at the end left out. */
  rounded(places) {
    const scale = 10n ** BigInt(places);
    const twice = 2n * this.top * scale + this.bottom;
    const bottom = 2n * this.bottom;
    const floor = twice >= 0n ? twice / bottom : -((-twice + bottom - 1n) / bottom);
    const digits = String(floor < 0n ? -floor : floor).padStart(places + 1, "0");
    const cut = digits.length - places;
    const decimals = digits.slice(cut).replace(/0+$/, "");
    return (floor < 0n ? "-" : "") + digits.slice(0, cut) + (decimals ? "." + decimals : "");
  }
}

export const ZERO = new Ratio(0n);

export function whole(number) {
  return new Ratio(BigInt(number));
}

/** Return the value of a finite double, exactly. */
export function exactly(number) {
  let [bottom, top] = [1n, number];
  while (!Number.isInteger(top)) [top, bottom] = [top * 2, bottom * 2n];
  return new Ratio(BigInt(top), bottom);
}

export function largest(ratios) {
  return ratios.reduce((most, ratio) => (most.below(ratio) ? ratio : most));
}

export function smallest(ratios) {
  return ratios.reduce((least, ratio) => (ratio.below(least) ? ratio : least));
}
