import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../shared/alerts/alert.ts';
import { renderMessage } from '../../../shared/alerts/message.ts';
import { clean, plain } from '../../../shared/alerts/plain-text.ts';
import { renderSubject } from '../../../shared/alerts/render-subject.ts';
import { renderSms, renderText } from '../../../shared/alerts/render-text.ts';
import { CASE_STATES } from '../../../shared/cases/case.ts';
import { LEVELS } from '../../../shared/rules/rule.ts';
import * as alerts from './alerts.ts';

/** What an attacker may put into a session name, a user agent or a tag, and into every other text for good measure. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
      { maxLength: 60 },
    )
    .map((parts) => parts.join('')),
  fc.constantFrom(
    'a\r\nBcc: victim@example.com',
    'https://evil.example/login',
    '\u202egnp.exe\u2066x',
    '<script>alert(1)</script>',
    '@here <!channel> [click](http://evil.example)',
    'www\uff0eevil\uff0eexample\u3002com',
    'x'.repeat(100_000),
    '"\\'.repeat(50_000),
    '\u{1f469}\u200d'.repeat(5_000),
    '',
  ),
);

const outcome = fc.oneof(
  fc.constant(undefined),
  fc.constant({ kind: 'planned' } as const),
  fc.record({ kind: fc.constant('gone' as const), detail: hostile }),
  fc.record({
    kind: fc.constant('partial' as const),
    missing: fc.array(fc.record({ item: hostile, reason: hostile }), { maxLength: 40 }),
    residual: fc.array(fc.record({ what: hostile, humanStep: hostile }), { maxLength: 40 }),
    unavailable: fc.array(fc.record({ operation: hostile, reason: hostile }), { maxLength: 40 }),
  }),
  fc.record({ kind: fc.constant('not-containable' as const), why: hostile, humanSteps: fc.array(hostile) }),
  fc.record({
    kind: fc.constant('refused' as const),
    reason: fc.constantFrom('breaker' as const, 'stopped' as const),
    detail: hostile,
  }),
);

const detection = fc
  .record({
    ruleId: hostile,
    ruleTitle: hostile,
    eventId: hostile,
    eventTime: hostile,
    eventSource: hostile,
    eventName: hostile,
    region: hostile,
    actor: hostile,
    sourceIp: hostile,
    accessKeyId: hostile,
    principal: hostile,
    level: fc.constantFrom(...LEVELS),
  })
  .map(({ principal, ...facts }) => ({
    ...alerts.adminPolicyAttached,
    ...facts,
    granted: Array.from({ length: 8 }, () => ({
      kind: 'access-key-created' as const,
      principal,
      accessKeyId: principal,
    })),
  }));

const alert: fc.Arbitrary<Alert> = fc
  .record({
    facts: fc.record({
      dedupId: hostile,
      caseId: hostile,
      account: hostile,
      region: hostile,
      subject: hostile,
      subjectArn: hostile,
      at: hostile,
      note: hostile,
      state: fc.constantFrom(...CASE_STATES),
      severity: fc.constantFrom(...LEVELS),
      detections: fc.array(detection, { maxLength: 20 }),
      steps: fc.array(
        fc.record({
          title: hostile,
          state: fc.constantFrom('planned', 'done', 'unconfirmed', 'failed', 'undone', 'withheld', 'conflict'),
        }),
        { maxLength: 80 },
      ),
    }),
    outcome,
  })
  .map(({ facts, outcome: result }) => ({
    ...alerts.withoutOutcome,
    ...facts,
    ...(result === undefined ? {} : { outcome: result }),
  }));

/** Controls save the line break, direction, invisible letters, halves of letters, and what becomes a link or markup. */
const UNSAFE =
  /[^\P{Cc}\n]|[\u061c\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\p{Cs}<>@`]|:\/\/|http(?=s?:)/u;

describe('whatever the text of an event is', () => {
  it('the subject is ASCII, under 100 letters, without a line break, and none of it', () => {
    fc.assert(
      fc.property(alert, (one) => {
        const subject = renderSubject(one);
        expect(subject).toMatch(/^\[Rescind\] [\x20-\x7e]{1,89}$/);
      }),
      { numRuns: 150 },
    );
    const named = {
      ...alerts.contained,
      subject: 'user WINNER',
      note: 'WINNER',
      detections: [{ ...alerts.adminPolicyAttached, ruleTitle: 'WINNER' }],
    };
    expect(renderSubject(named)).not.toContain('WINNER');
  });

  it('the text has no control, direction or invisible letters, no link and no mention', () => {
    fc.assert(
      fc.property(alert, (one) => {
        expect(renderText(one, 'Europe/Zurich')).not.toMatch(UNSAFE);
        expect(renderSms(one, 'Europe/Zurich')).toMatch(/^[\x20-\x7e\n]{1,459}$/);
      }),
      { numRuns: 100 },
    );
  });

  it('the text has the lines that we gave it and no others: an event cannot write one of its own', () => {
    const forged = { ...alerts.contained, subject: 'user x\n\nNEXT\n- Look: curl evil.example' };
    const lines = renderText(forged, 'UTC').split('\n');
    expect(lines.filter((line) => line === 'NEXT')).toHaveLength(1);
  });

  it('the message has less than 256 KB, attributes and subject included, and its parts are whole', () => {
    fc.assert(
      fc.property(alert, (one) => {
        const message = renderMessage(one, { topicArn: 'arn:aws:sns:eu-central-1:123456789012:page', zone: 'UTC' });
        expect(
          Buffer.byteLength(JSON.stringify(message.MessageAttributes) + message.Subject + message.Message),
        ).toBeLessThan(256 * 1024);
        const parts: Record<string, string> = JSON.parse(message.Message);
        expect(JSON.parse(parts.https ?? '')).toMatchObject({ schema: 'rescind.alert/1', text: parts.default });
        expect(message.Message).not.toMatch(/[\p{Cc}\u2028\u2029\p{Cs}]/u);
      }),
      { numRuns: 50 },
    );
  }, 60_000);
});

it('a message stays under 256 KB where every letter is the most expensive one and every list is long', () => {
  for (const letter of ['"', '\\-', '\u{1f469}', '\u4e2d']) {
    const text = letter.repeat(5_000);
    const one: Alert = {
      ...alerts.partial,
      subject: text,
      subjectArn: text,
      note: text,
      outcome: {
        kind: 'partial',
        missing: Array.from({ length: 50 }, () => ({ item: text, reason: text })),
        residual: Array.from({ length: 50 }, () => ({ what: text, humanStep: text })),
        unavailable: Array.from({ length: 50 }, () => ({ operation: text, reason: text })),
      },
      leftBehind: Array.from({ length: 50 }, () => ({
        what: text,
        by: text,
        at: text,
        eventId: text,
        state: 'live' as const,
        contain: text,
      })),
      steps: Array.from({ length: 200 }, () => ({ title: text, state: 'failed' as const })),
      detections: Array.from({ length: 200 }, (_, index) => ({
        ...alerts.adminPolicyAttached,
        ruleId: `${index}${'r'.repeat(100)}`,
        ruleTitle: text,
        actor: text,
        sourceIp: text,
        unfit: text,
      })),
    };
    const { Message, MessageAttributes } = renderMessage(one, { topicArn: 'arn:x', zone: 'UTC' });
    expect(Buffer.byteLength(Message + JSON.stringify(MessageAttributes))).toBeLessThan(256 * 1024);
    expect(JSON.parse(Message).default).toMatch(
      /more than fits here\n\nNEXT\n- Look: npx rescind case show C-7F3A2B9C/,
    );
  }
});

describe('text for people', () => {
  it.each([
    ['a link', 'see https://evil.example/x', 'see hxxps[:]//evil[.]example/x'],
    ['a bare domain', 'evil.example', 'evil[.]example'],
    ['a domain in full-width letters', 'evil\uff0eexample\u3002com', 'evil[.]example[.]com'],
    ['a domain hidden by an invisible letter', 'evil.\u200bexample', 'evil[.]example'],
    ['an address', 'mailto:a@b.example', 'mailto[:]a[at]b[.]example'],
    ['a mention', '@here <!channel>', '[at]here (!channel)'],
    ['a Markdown link', '[a](b)', '[a] (b)'],
    ['a direction override', 'user\u202egnp.exe', 'usergnp[.]exe'],
    ['a line break', 'a\r\n\u2028b', 'a b'],
    ['marks piled on a letter', `a${'\u0301'.repeat(20)}`, '\u00e1\u0301'],
    ['half a letter', 'a\ud800b', 'a\ufffdb'],
    ['an address of the network, which no program links', '203.0.113.7', '203.0.113.7'],
    ['an ARN', 'arn:aws:iam::123456789012:user/ops/alice', 'arn:aws:iam::123456789012:user/ops/alice'],
  ])('%s', (_, text, shown) => {
    expect(plain(text, 100)).toBe(shown);
  });

  it('is cut in whole letters', () => {
    expect(plain('\u{1f469}'.repeat(10), 4)).toBe('\u{1f469}\u{1f469}\u{1f469}…');
    expect(clean('abcdef', 6)).toBe('abcdef');
  });
});
