/** A line that shows how far a long run is, on a terminal only: piped output stays clean. */
export type Progress = {
  readonly advance: (bytes: number, records: number) => void;
  readonly end: () => void;
};

type Stream = { readonly isTTY?: boolean; write: (text: string) => unknown };

/** `now` in milliseconds; a clock of the caller's, so that a test needs no waiting. */
export function createProgress(totalBytes: number, stream: Stream, now: () => number): Progress {
  if (stream.isTTY !== true) return { advance: () => {}, end: () => {} };
  const start = now();
  let done = 0;
  let count = 0;
  let last = 0;
  return {
    advance: (bytes, records) => {
      done += bytes;
      count += records;
      const time = now();
      if (time - last < 100) return;
      last = time;
      const seconds = Math.max(time - start, 1) / 1000;
      const share = totalBytes === 0 ? 1 : Math.min(done / totalBytes, 1);
      const left = share === 0 ? '' : `, ${Math.ceil((seconds * (1 - share)) / share)} s left`;
      const bar = '#'.repeat(Math.round(share * 20)).padEnd(20, '.');
      stream.write(
        `\r\u001b[K[${bar}] ${Math.round(share * 100)} %  ${Math.round(count / seconds).toLocaleString('en-US')} records/s${left}`,
      );
    },
    end: () => {
      stream.write('\r\u001b[K');
    },
  };
}
