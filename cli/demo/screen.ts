import { stripVTControlCharacters } from 'node:util';
import { colour } from '../terminal/colour.ts';
import { outputWidth } from '../terminal/table.ts';

/** Readable at this width wherever it is shown; less on a narrower terminal. */
const WIDEST = 100;
const FRAMES = ['-', '\\', '|', '/'] as const;
const FRAME_MS = 120;

type Stream = { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };

export type Screen = {
  /** Something turns while one waits; when piped there are lines only. */
  readonly live: boolean;
  readonly width: () => number;
  line(text?: string): void;
  /** Wrapped at the width; lines after the first begin with `hanging`, or as the first. Painted after wrapping. */
  paragraph(text: string, indent?: string, hanging?: string, paint?: (line: string) => string): void;
  heading(text: string): void;
  /** Shows on a terminal that this is going on, until it ends; piped, nothing is shown. */
  during<T>(text: string, work: Promise<T>): Promise<T>;
  /** Nothing more is shown: the end has begun. */
  mute(): void;
};

export function createScreen(stream: Stream): Screen {
  const live = stream.isTTY === true;
  /** What is going on, and since when. */
  const running = new Map<string, number>();
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;
  let muted = false;

  const width = () => Math.min(outputWidth(stream), WIDEST);
  const clearStatus = () => {
    if (live && running.size > 0) stream.write('\r\u001b[K');
  };
  const drawStatus = () => {
    if (!live || running.size === 0 || muted) return;
    const seconds = Math.floor((Date.now() - Math.min(...running.values())) / 1000);
    const text = `  ${FRAMES[frame % FRAMES.length]} ${[...running.keys()].join(', ')}  ${seconds} s`;
    stream.write(`\r\u001b[K${colour.dim(text.slice(0, width() - 1))}`);
  };
  const line = (text = '') => {
    if (muted) return;
    clearStatus();
    stream.write(`${text}\n`);
    drawStatus();
  };

  return {
    live,
    width,
    line,
    paragraph(text, indent = '', hanging = indent, paint = (each) => each) {
      for (const each of wrapped(text, width(), indent, hanging)) line(paint(each));
    },
    heading(text) {
      line();
      for (const each of wrapped(text, width(), '', '  ')) line(colour.bold(each));
    },
    async during(text, work) {
      running.set(text, Date.now());
      drawStatus();
      timer ??= setInterval(() => {
        frame += 1;
        drawStatus();
      }, FRAME_MS);
      // It only draws: it must not keep the process alive.
      timer.unref();
      try {
        return await work;
      } finally {
        clearStatus();
        running.delete(text);
        if (running.size === 0) {
          clearInterval(timer);
          timer = undefined;
        }
        drawStatus();
      }
    },
    mute() {
      clearStatus();
      muted = true;
    },
  };
}

/** By words; a word that is longer than a line stays whole, so that a command or an ARN can be copied. */
export function wrapped(text: string, width: number, indent: string, hanging: string): readonly string[] {
  const lines: string[] = [];
  let current = indent;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && stripVTControlCharacters(current).length + 1 + word.length > width) {
      lines.push(current);
      current = hanging;
      empty = true;
    }
    current += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, current];
}
