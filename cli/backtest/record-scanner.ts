/**
 * Finds the JSON texts of single records in a document that comes in pieces: for files too large to parse whole, and for
 * what is left of a file that was cut off. Elements of a top-level list, or of the list under `Records` or `Events` of a
 * top-level object, are given one by one; any other top-level value is given whole.
 */
export type RecordScanner = {
  /** Texts of the values that ended in this piece. */
  readonly feed: (piece: string) => string[];
  /** The text begun and never ended, if there is one. */
  readonly rest: () => string | undefined;
};

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_MAP = 123;
const CLOSE_MAP = 125;
const SPACE = 32;

const LIST_KEY = /"(?:Records|Events)"\s*:\s*$/;
/** The longest stretch before a `[` in which the key of the list is looked for. */
const KEY_WINDOW = 200;

export function createRecordScanner(): RecordScanner {
  let pending = '';
  let scanned = 0;
  let start = -1;
  let depth = 0;
  /** The depth at which a record stands: 0, or 1 or 2 inside a list of records. */
  let recordDepth = 0;
  let inString = false;
  let escaped = false;
  /** After the list of records, inside the object that held it. */
  let tail = false;

  const feed = (piece: string): string[] => {
    const found: string[] = [];
    pending += piece;
    for (; scanned < pending.length; scanned += 1) {
      const code = pending.charCodeAt(scanned);
      if (inString) {
        if (escaped) escaped = false;
        else if (code === BACKSLASH) escaped = true;
        else if (code === QUOTE) inString = false;
        continue;
      }
      switch (code) {
        case QUOTE:
          if (start < 0) start = scanned;
          inString = true;
          break;
        case OPEN_LIST:
        case OPEN_MAP:
          if (code === OPEN_LIST && opensRecords()) {
            depth += 1;
            recordDepth = depth;
            start = -1;
            break;
          }
          if (start < 0) start = scanned;
          depth += 1;
          break;
        case CLOSE_LIST:
        case CLOSE_MAP:
          if (depth === recordDepth && recordDepth > 0) {
            // The end of the list of records; what follows it in the document is no record.
            end(scanned, found);
            depth -= 1;
            recordDepth = 0;
            start = depth > 0 ? scanned : -1;
            if (depth > 0) tail = true;
            break;
          }
          depth -= 1;
          if (depth === recordDepth) {
            if (tail) {
              tail = false;
              start = -1;
            } else {
              end(scanned + 1, found);
            }
          }
          break;
        case COMMA:
          if (depth === recordDepth) end(scanned, found);
          break;
        default:
          if (start < 0 && code > SPACE) start = scanned;
          else if (start >= 0 && code <= SPACE && depth === 0 && recordDepth === 0) end(scanned, found);
      }
    }
    const keep = start < 0 ? Math.max(pending.length - KEY_WINDOW, 0) : tail ? pending.length : start;
    pending = pending.slice(keep);
    scanned -= keep;
    if (start >= 0) start = tail ? 0 : start - keep;
    return found;
  };
  const opensRecords = (): boolean => {
    if (recordDepth > 0 || tail) return false;
    if (depth === 0) return start < 0;
    return depth === 1 && LIST_KEY.test(pending.slice(Math.max(scanned - KEY_WINDOW, 0), scanned));
  };
  const end = (at: number, found: string[]): void => {
    if (start < 0) return;
    const text = pending.slice(start, at).trim();
    start = -1;
    if (text !== '') found.push(text);
  };
  return {
    feed,
    rest: () => {
      const text = start < 0 || tail ? '' : pending.slice(start).trim();
      return text === '' ? undefined : text;
    },
  };
}
