import pc from 'picocolors';

/**
 * Colours on a terminal and nowhere else, and never with NO_COLOR. The library by itself also colours wherever the
 * variable CI is set, and so would write escapes into a log file or a pipe.
 */
const { FORCE_COLOR, NO_COLOR, TERM } = process.env;
const wanted = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';

export const colour = pc.createColors(!NO_COLOR && (wanted || (process.stdout.isTTY === true && TERM !== 'dumb')));
