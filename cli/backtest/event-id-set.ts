/**
 * Counts event ids seen before, over months of logs, in eight bytes an id and its free place: a set of 53-bit
 * fingerprints. With 100 million ids about one in all is taken for seen though it was not, which is why the verdict
 * on a detection's own event never rests on this.
 */
export type FingerprintSet = {
  /** True if it was not there yet. */
  readonly add: (fingerprint: number) => boolean;
};

export function createFingerprintSet(): FingerprintSet {
  let table = new Float64Array(1 << 12);
  let count = 0;

  const place = (into: Float64Array, fingerprint: number): boolean => {
    const mask = into.length - 1;
    for (let at = fingerprint & mask; ; at = (at + 1) & mask) {
      const there = into[at];
      if (there === fingerprint) return false;
      if (there === 0) {
        into[at] = fingerprint;
        return true;
      }
    }
  };
  return {
    add: (fingerprint) => {
      if (!place(table, fingerprint)) return false;
      count += 1;
      if (count * 2 > table.length) {
        const larger = new Float64Array(table.length * 2);
        for (const each of table) if (each !== 0) place(larger, each);
        table = larger;
      }
      return true;
    },
  };
}

/** A whole number from 1 to 2^53 - 1. */
export function fingerprint(text: string): number {
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b);
    low = (low << 13) | (low >>> 19);
  }
  high = Math.imul(high ^ (high >>> 15), 0x2c1b3c6d);
  low = Math.imul(low ^ (low >>> 16), 0x297a2d39);
  return ((high >>> 0) % 0x200000) * 0x100000000 + ((low ^ (low >>> 15)) >>> 0) || 1;
}
