import { describe, expect, it } from 'vitest';
import { BREAKER_CASE } from '../../../shared/alerts/alert.ts';
import { alertDocument, renderJson } from '../../../shared/alerts/render-json.ts';
import { renderSms, renderText } from '../../../shared/alerts/render-text.ts';
import * as alerts from './alerts.ts';

const seen = `WHO
- arn:aws:iam::123456789012:user/mallory
- account 123456789012, us-east-1

SEEN
- Administrator policy attached to a user or role (critical)
  2026-11-21 03:02:11 Europe/Zurich (UTC+01:00)
  iam AttachUserPolicy in us-east-1
  by user mallory from 203.0.113.7 with key AKIAIOSFODNN7EXAMPLE
- Access key created for somebody else (high)
  2026-11-21 03:02:19 Europe/Zurich (UTC+01:00)
  iam CreateAccessKey in us-east-1
  by user mallory from 203.0.113.7 with key AKIAIOSFODNN7EXAMPLE`;

const expected = {
  planned: `CRITICAL planned, nothing changed: user mallory in account 123456789012, case C-7F3A2B9C.
Administrator policy attached to a user or role (and 1 other rule).
The access still stands (observe mode). In mode enforce, Rescind would take 3 steps.

${seen}

WOULD BE DONE
- attach the quarantine policy to user mallory
- deactivate access key AKIAIOSFODNN7EXAMPLE
- detach arn:aws:iam::aws:policy/AdministratorAccess from user mallory

NEXT
- Look: npx rescind case show C-7F3A2B9C

As of 2026-11-21 03:02:15 Europe/Zurich (UTC+01:00), mode observe.`,

  contained: `CRITICAL contained: user mallory in account 123456789012, case C-7F3A2B9C.
Administrator policy attached to a user or role (and 1 other rule).
The access was taken back, and fresh reads confirm it. 1 thing needs you: a deny does not end everything.
Grade B: it stands in this account only. Whoever administers the account can undo it.

STILL OPEN, needs you
- access key AKIAI44QH8DHBEXAMPLE of alice, created by this subject
  You: aws iam update-access-key --user-name alice --access-key-id AKIAI44QH8DHBEXAMPLE --status Inactive

${seen}

DONE
- attach the quarantine policy to user mallory
- deactivate access key AKIAIOSFODNN7EXAMPLE
- detach arn:aws:iam::aws:policy/AdministratorAccess from user mallory

NOT CHECKED, so it may be open
- iam:ListSSHPublicKeys: this endpoint does not know the operation

NEXT
- Look: npx rescind case show C-7F3A2B9C
- Give the access back: npx rescind release C-7F3A2B9C

As of 2026-11-21 03:02:49 Europe/Zurich (UTC+01:00), mode enforce.`,

  partial: `CRITICAL ONLY PARTLY contained: user mallory in account 123456789012, case C-7F3A2B9C.
Administrator policy attached to a user or role (and 1 other rule).
ACT NOW: some access still stands. 2 things need you.

NOT DONE, needs you
- deactivate access key AKIAIOSFODNN7EXAMPLE
  Why: AccessDenied: an explicit deny in a service control policy

STILL OPEN, needs you
- access key AKIAI44QH8DHBEXAMPLE of alice, created by this subject
  You: aws iam update-access-key --user-name alice --access-key-id AKIAI44QH8DHBEXAMPLE --status Inactive

${seen}

STEPS
- done: attach the quarantine policy to user mallory
- FAILED: deactivate access key AKIAIOSFODNN7EXAMPLE
- UNDONE by somebody: detach arn:aws:iam::aws:policy/AdministratorAccess from user mallory

NEXT
- Look: npx rescind case show C-7F3A2B9C
- Give the access back: npx rescind release C-7F3A2B9C

As of 2026-11-21 03:02:49 Europe/Zurich (UTC+01:00), mode enforce.`,

  released: `CRITICAL released in part: user mallory in account 123456789012, case C-7F3A2B9C.
Administrator policy attached to a user or role (and 1 other rule).
Put back, except: 2 things held back on purpose.

NOTE
- released by arn:aws:iam::123456789012:user/oncall

${seen}

STEPS
- taken back: attach the quarantine policy to user mallory
- still stands, on purpose: deactivate access key AKIAIOSFODNN7EXAMPLE
- still stands, on purpose: detach arn:aws:iam::aws:policy/AdministratorAccess from user mallory

NEXT
- Look: npx rescind case show C-7F3A2B9C
- Give back the rest too: npx rescind release C-7F3A2B9C --all

As of 2026-11-21 08:30:00 Europe/Zurich (UTC+01:00), mode enforce.`,
} as const;

describe('the whole text of a case that is', () => {
  it.each([
    ['planned', alerts.planned, expected.planned],
    ['contained', alerts.contained, expected.contained],
    ['partial', alerts.partial, expected.partial],
    ['released', alerts.released, expected.released],
  ])('%s', (_, alert, text) => {
    expect(renderText(alert, 'Europe/Zurich')).toBe(text);
  });
});

describe('the text', () => {
  it('asks for an approval with the commands that answer', () => {
    const text = renderText(alerts.awaitingApproval, 'UTC');
    expect(text).toContain('the access still stands until somebody approves 3 steps.');
    expect(text).toContain('- Approve: npx rescind approve C-7F3A2B9C\n- Reject: npx rescind reject C-7F3A2B9C');
    expect(text).not.toContain('release');
  });

  it('says that what was seen came late, and after which release, in the zone of the reader', () => {
    const late = {
      ...alerts.awaitingApproval,
      releasedSince: { caseId: 'C-1', at: '2026-11-21T05:00:00.000Z' },
    };
    const text = renderText(late, 'Europe/Zurich');
    expect(text).toContain(
      '\nWhat was seen last came late: it happened before 2026-11-21 06:00:00 Europe/Zurich (UTC+01:00), when a person let the subject go (case C-1). Nothing is done for it unless a person says so.\n',
    );
    expect(renderSms(late, 'UTC')).toContain('came late: it happened before 2026-11-21 05:00:00 UTC');
    expect(renderText(alerts.awaitingApproval, 'UTC')).not.toContain('came late');
    const { releasedSince, text: told } = alertDocument(late, 'UTC', { detections: 5, steps: 5, items: 5 });
    expect(releasedSince).toEqual(late.releasedSince);
    expect(told).toContain('came late');
  });

  it('says what a person can do where Rescind can do nothing', () => {
    expect(renderText(alerts.notContainable, 'UTC')).toContain(
      'WHAT YOU CAN DO\n- Sign in as root, change its password and delete its access keys.\n- Check the MFA devices of root.',
    );
  });

  describe('of a lock', () => {
    const locked = { ...alerts.contained, until: '2026-11-21T06:02:49.000Z' };
    const over = { ...alerts.released, state: 'releasing', tokensUntil: '2026-11-22T14:03:50.000Z' } as const;

    it('says when it ends, in the zone of the reader, and how to move that', () => {
      const text = renderText(locked, 'Europe/Zurich');
      expect(text).toContain('\nIt ends by itself at 2026-11-21 07:02:49 Europe/Zurich (UTC+01:00).\n');
      expect(text).toContain('- Keep it taken for longer: npx rescind extend C-7F3A2B9C 2h');
      expect(renderSms(locked, 'UTC')).toContain('It ends by itself at 2026-11-21 06:02:49 UTC.');
      expect(renderText(alerts.contained, 'UTC')).not.toContain('by itself');
      expect(renderText(alerts.contained, 'UTC')).not.toContain('extend');
    });

    it('says that it has ended, and then what of it still stands', () => {
      expect(renderText({ ...over, steps: [] }, 'UTC')).toContain('CRITICAL time is over: user mallory');
      const text = renderText(over, 'UTC');
      expect(text).toContain('CRITICAL given back in time: user mallory');
      expect(text).toContain(
        'The access is back, save for tokens that were issued before it was taken.\nThose tokens stay denied until 2026-11-22 14:03:50 UTC.\n',
      );
      expect(text).toContain('- Give the access back: npx rescind release C-7F3A2B9C');
    });

    it('speaks of the grade of what stands, and of nothing that was given back', () => {
      const of = {
        ...alerts.contained,
        outcome: { kind: 'contained', grade: 'A', residual: [], unavailable: [] },
      } as const;
      const ofTokens = { ...of.outcome, grade: 'B' } as const;
      expect(renderText(of, 'UTC')).toContain('Grade A');
      expect(renderText({ ...over, outcome: ofTokens }, 'UTC')).toContain('Grade B');
      for (const alert of [
        { ...over, steps: [] },
        { ...alerts.released, state: 'releasing' } as const,
        alerts.released,
      ]) {
        expect(renderText({ ...alert, outcome: of.outcome }, 'UTC')).not.toContain('Grade');
      }
    });

    it('does not speak of somebody where nobody released it', () => {
      expect(renderText(over, 'UTC')).not.toContain('Somebody released');
      expect(renderText({ ...alerts.released, state: 'releasing' }, 'UTC')).toContain('Somebody released the case.');
    });

    it('tells programs both instants', () => {
      const detail = { detections: 1, steps: 1, items: 1 };
      expect(JSON.parse(renderJson(locked, 'UTC', detail))).toMatchObject({ until: '2026-11-21T06:02:49.000Z' });
      expect(JSON.parse(renderJson(over, 'UTC', detail))).toMatchObject({ tokensUntil: '2026-11-22T14:03:50.000Z' });
      expect(JSON.parse(renderJson(alerts.contained, 'UTC', detail))).not.toHaveProperty('until');
    });
  });

  it('names no single case where the breaker opened', () => {
    const text = renderText({ ...alerts.refusedByBreaker, caseId: BREAKER_CASE }, 'UTC');
    expect(text).toContain('CRITICAL BREAKER OPEN: nothing more is contained in account 123456789012.');
    expect(text).toContain('npx rescind breaker close');
    expect(text).not.toContain('case show');
  });

  it('says that a rule that only tells changes nothing', () => {
    expect(renderText({ ...alerts.planned, mode: 'enforce', steps: [] }, 'UTC')).toContain(
      'Nothing was changed and nothing is planned: this rule only tells you.',
    );
  });

  it('tells a rule that fired often once, with how often and when last', () => {
    const again = { ...alerts.adminPolicyAttached, eventId: 'e2', eventTime: '2026-11-21T02:05:00Z' };
    const text = renderText({ ...alerts.planned, detections: [alerts.adminPolicyAttached, again] }, 'UTC');
    expect(text).toContain(
      '- Administrator policy attached to a user or role (critical), 2 times, last\n  2026-11-21 02:05:00 UTC\n',
    );
    expect(text.match(/Administrator policy attached/g)).toHaveLength(2);
  });

  it('shows the gravest detections and counts the others', () => {
    const many = Array.from({ length: 9 }, (_, index) => ({
      ...alerts.keyForSomebodyElse,
      ruleId: `r${index}`,
      ruleTitle: `Rule ${index}`,
      level: index === 0 ? ('critical' as const) : ('medium' as const),
      eventTime: `2026-11-21T02:0${index}:00Z`,
    }));
    const text = renderText({ ...alerts.planned, detections: many, olderDetections: 7 }, 'UTC');
    expect(text).toContain('\nRule 0 (and 8 other rules).\n');
    expect(text.match(/^- Rule \d/gm)).toEqual(['- Rule 0', '- Rule 5', '- Rule 6', '- Rule 7', '- Rule 8']);
    expect(text).toContain('- and 4 more\n- and 7 older');
  });

  it('tells apart the hour that comes twice at the end of summer time', () => {
    const at = (instant: string) =>
      renderText({ ...alerts.planned, at: instant }, 'Europe/Zurich')
        .split('\n')
        .at(-1);
    expect(at('2026-10-25T00:30:00Z')).toBe('As of 2026-10-25 02:30:00 Europe/Zurich (UTC+02:00), mode observe.');
    expect(at('2026-10-25T01:30:00Z')).toBe('As of 2026-10-25 02:30:00 Europe/Zurich (UTC+01:00), mode observe.');
  });

  it('does without a zone or a time that nobody knows', () => {
    expect(renderText(alerts.planned, 'Mars/Olympus')).toContain('As of 2026-11-21 02:02:15 UTC, mode observe.');
    expect(renderText({ ...alerts.planned, at: 'soon' }, 'UTC')).toContain('As of an unreadable time');
  });
});

describe('the text message', () => {
  it('says state, who, where, which case and what was seen in its first 160 letters', () => {
    expect(renderSms(alerts.contained, 'Europe/Zurich').slice(0, 160)).toContain(
      'CRITICAL contained: user mallory in account 123456789012, case C-7F3A2B9C.\nAdministrator policy attached to a user or role (and 1 other rule).\n',
    );
  });

  it('ends with the command to look, however long the rest is', () => {
    const long = { ...alerts.adminPolicyAttached, ruleTitle: 'ü'.repeat(5000) };
    const sms = renderSms({ ...alerts.contained, subject: `user ${'x'.repeat(5000)}`, detections: [long] }, 'UTC');
    expect(sms.length).toBeLessThanOrEqual(459);
    expect(sms).toMatch(/^[\x20-\x7e\n]*$/);
    expect(sms.split('\n').at(-1)).toBe('npx rescind case show C-7F3A2B9C');
  });
});
