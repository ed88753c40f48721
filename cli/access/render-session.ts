import type { SessionStory, SessionTold } from '../../shared/access/session-story.ts';
import type { Beginning } from '../../shared/access/trace-session.ts';
import { printable } from '../../shared/page/printable.ts';
import { plural } from '../terminal/plural.ts';
import { timeOf } from './render-accesses.ts';

/** A chain from the person to the last session, one indented under the other. Names and addresses are text from records. */
export function sessionLines({ beginning, persons, sessions }: SessionStory): readonly string[] {
  const known = persons.length === 0 ? '' : ` (${persons.map((each) => printable(each)).join(', ')})`;
  return [`${printable(beginningText(beginning), 400)}${known}`, ...sessions.flatMap(toldLines)];
}

export function beginningText(beginning: Beginning): string {
  switch (beginning.kind) {
    case 'principal':
      return `${beginning.who} (${beginning.key})`;
    case 'person':
      return `${beginning.key}, as the session names them; the call that issued it is not recorded`;
    case 'not-recorded':
      return `not recorded: who asked for the session of ${beginning.who} (${beginning.holder})`;
    case 'one-of':
      return `one of ${beginning.keys.join(', ')}: sessions of this name were issued to each at this time`;
    case 'too-long':
      return 'more sessions, one before the other, than are followed: ask about the first of these';
  }
}

const PARTS = {
  before: '',
  asked: '  <- asked',
  'same session': '  same session',
  'perhaps the same session': '  same session, or another of this name that was opened at this time',
  after: '',
} as const;

function toldLines({ depth, accessKeyId, who, part, issuedAt, issued, mfa, use }: SessionTold): readonly string[] {
  const indent = '  '.repeat(depth + 1);
  const issue =
    issued === undefined
      ? issuedAt === undefined
        ? []
        : [`issued ${timeOf(issuedAt)} UTC`]
      : [
          `issued ${timeOf(issued.at)} UTC`,
          `asked from ${printable(issued.sourceIp ?? 'an unknown address')}${factor(issued.mfa)}`,
          ...(issued.expires === undefined ? [] : [`until ${printable(issued.expires)}`]),
        ];
  return [
    `${indent}${printable(who)}  ${printable(accessKeyId)}${PARTS[part]}`,
    ...(issue.length === 0 ? [] : [`${indent}    ${issue.join(', ')}`]),
    `${indent}    ${useText(use)}${factor(mfa)}`,
  ];
}

function useText({ count, more, first, last, from }: SessionTold['use']): string {
  if (first === undefined || last === undefined) return 'no recorded call';
  const calls = `${more ? 'more than ' : ''}${plural(count, 'recorded call')}`;
  const shown = from.slice(0, 3).map((each) => printable(each));
  const others = from.length > shown.length ? ` and ${from.length - shown.length} more` : '';
  return `${calls} ${timeOf(first)} to ${timeOf(last)} UTC from ${shown.join(', ') || 'nowhere'}${others}`;
}

function factor(mfa: boolean | undefined): string {
  return mfa === undefined ? '' : mfa ? ', with MFA' : ', without MFA';
}
