/**
 * Counts event ids seen before, over months of logs, in about twelve bytes an id: a set of 53-bit fingerprints. With 100 million
 * ids about one in all is taken for seen though it was not (n²/2^54), with 2 million one in 4,500 runs has such a one; which is
 * why the verdict on a detection's own event never rests on this.
 */
export type FingerprintSet = {
  /** True if it was not there yet. */
  readonly add: (fingerprint: number) => boolean;
};

type Part = { table: Float64Array; count: number };

/** Each grows by itself: making one larger needs the memory of one twice, and not that of all. */
const PARTS = 256;
/** Fuller than this, looking for a free place takes long. */
const FULL = 0.75;
const GROWTH = 1.5;
/** 2 MB in all: logs of up to 200,000 records are never moved. */
const FIRST_PLACES = 1_024;

export function createFingerprintSet(): FingerprintSet {
  const parts = Array.from({ length: PARTS }, (): Part => ({ table: new Float64Array(FIRST_PLACES), count: 0 }));
  return {
    add: (fingerprint) => {
      // Not `%`, which for numbers of this size is a call into the C library.
      const part = parts[fingerprint - Math.floor(fingerprint / PARTS) * PARTS];
      if (part === undefined || !put(part.table, fingerprint)) return false;
      part.count += 1;
      if (part.count > part.table.length * FULL) {
        const larger = new Float64Array(Math.ceil(part.table.length * GROWTH));
        for (const each of part.table) if (each !== 0) put(larger, each);
        part.table = larger;
      }
      return true;
    },
  };
}

/** Beginning at a place that the middle bits choose, since all in one table share the lowest. 0 is free. */
function put(table: Float64Array, fingerprint: number): boolean {
  const middle = (fingerprint / PARTS) >>> 0;
  let at = Math.floor((middle * table.length) / 0x100000000);
  for (;;) {
    const there = table[at];
    if (there === fingerprint) return false;
    if (there === 0) {
      table[at] = fingerprint;
      return true;
    }
    at += 1;
    if (at === table.length) at = 0;
  }
}

/** A whole number from 1 to 2^53 - 1. */
export function fingerprint(text: string): number {
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
  // Four characters at a time: each step waits for the one before it. Past the end, a character is NaN, which counts as 0.
  for (let index = 0; index < text.length; index += 4) {
    const word =
      text.charCodeAt(index) ^
      (text.charCodeAt(index + 1) << 8) ^
      (text.charCodeAt(index + 2) << 16) ^
      (text.charCodeAt(index + 3) << 24);
    high = Math.imul(high ^ word, 0x01000193);
    high ^= high >>> 15;
    low = Math.imul(low ^ word, 0x85ebca6b);
    low = (low << 13) | (low >>> 19);
  }
  high = Math.imul(high ^ (high >>> 15), 0x2c1b3c6d);
  low = Math.imul(low ^ (low >>> 16), 0x297a2d39);
  return ((high >>> 0) % 0x200000) * 0x100000000 + ((low ^ (low >>> 15)) >>> 0) || 1;
}
