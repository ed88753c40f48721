import type { Chapter } from './chapter.ts';
import { stolenKey } from './stolen-key/stolen-key.ts';

/** The plays in the order in which they are taught; the first one is played where none is named. */
export const CHAPTERS: readonly [Chapter, ...Chapter[]] = [stolenKey];
