import type { Chapter } from './chapter.ts';

/** A play as it is taught. It is loaded when it is played: help is instant. */
export type ChapterEntry = {
  /** The word on the command line. */
  readonly name: string;
  /** What it is about, a line. */
  readonly summary: string;
  readonly load: () => Promise<Chapter>;
};

/** The first one is played where none is named. */
export const CHAPTERS: readonly [ChapterEntry, ...ChapterEntry[]] = [
  {
    name: 'stolen-key',
    summary: 'a stolen access key: first observed, then contained, then given back byte for byte',
    load: async () => (await import('./stolen-key/stolen-key.ts')).stolenKey,
  },
  {
    name: 'finance',
    summary: 'a sensitive password read at night: only the access to it is taken, for 4 hours',
    load: async () => (await import('./finance/finance.ts')).finance,
  },
  {
    name: 'admin',
    summary: 'an administrator at night: the session is ended, new ones need MFA, what it did is kept',
    load: async () => (await import('./admin/admin.ts')).admin,
  },
  {
    name: 'change-window',
    summary: 'the same two in an announced change: nobody is paged, all is on record',
    load: async () => (await import('./change-window/change-window.ts')).changeWindow,
  },
];
