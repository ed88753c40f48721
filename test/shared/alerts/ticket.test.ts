import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { BREAKER_CASE } from '../../../shared/alerts/alert.ts';
import { deliverTicket } from '../../../shared/alerts/deliver-ticket.ts';
import { type Ticket, ticketOf } from '../../../shared/alerts/ticket.ts';
import { ticketJsonSchema } from '../../../shared/alerts/ticket-json-schema.ts';
import type { Policy } from '../../../shared/config/policy.ts';
import { LEVELS } from '../../../shared/rules/rule.ts';
import { planned } from './alerts.ts';

const alerts = { zone: 'UTC', page: [], information: [] };
const wanting = (tickets?: Policy['tickets']) => ({ alerts, ...(tickets === undefined ? {} : { tickets }) });
const FROM_HIGH = { level: 'high', topic: [] } as const;
const takes = new Ajv2020().compile(ticketJsonSchema());

function ticket(of: Partial<typeof planned> = {}, tickets: Policy['tickets'] = FROM_HIGH): Ticket {
  const made = ticketOf({ ...planned, ...of }, wanting(tickets));
  if (made === undefined) throw new Error('no ticket is due');
  return made;
}

describe('a ticket', () => {
  test('is due for cases of the level and above, and for no others', () => {
    const due = LEVELS.filter((severity) => ticketOf({ ...planned, severity }, wanting(FROM_HIGH)) !== undefined);
    expect(due).toEqual(['high', 'critical']);
  });

  test('is never due where the policy has none, nor for the breaker, which is no case', () => {
    expect(ticketOf(planned, wanting())).toBeUndefined();
    expect(ticketOf({ ...planned, caseId: BREAKER_CASE }, wanting(FROM_HIGH))).toBeUndefined();
  });

  test('is one a case: later alerts of the case bear the same dedup id', () => {
    expect(ticket().dedupId).toBe('C-7F3A2B9C#ticket');
    expect(ticket({ caseVersion: 9, dedupId: 'C-7F3A2B9C#9', state: 'contained' }).dedupId).toBe('C-7F3A2B9C#ticket');
  });

  test('says what the case is, in the words of its alert, and where to look', () => {
    expect(ticket({}, { ...FROM_HIGH, link: 'https://wiki.example.com/c/{case}?from={case}' })).toMatchObject({
      schema: 'rescind.ticket/1',
      severity: 'critical',
      title: '[Rescind] CRITICAL case C-7F3A2B9C in account 123456789012',
      text: expect.stringContaining('Administrator policy attached to a user or role'),
      command: 'npx rescind case show C-7F3A2B9C',
      link: 'https://wiki.example.com/c/C-7F3A2B9C?from=C-7F3A2B9C',
    });
    expect(ticket()).not.toHaveProperty('link');
  });

  test.each([
    ['as it is', {}],
    [
      'with hostile text in every place',
      {
        subject: '<script>\u0007\r\n'.repeat(400),
        subjectArn: 'x'.repeat(9_000),
        region: '\u202e'.repeat(99),
        account: '111122223333"}',
        caseId: 'C-1"; rm -rf /'.repeat(9),
        detections: planned.detections.map((one) => ({ ...one, ruleTitle: '@here '.repeat(999), actor: '`$(x)`' })),
      },
    ],
  ])('fits its published schema %s', (_, of) => {
    const made = ticket(of);
    expect([takes(made), takes.errors]).toEqual([true, null]);
    expect(made.title).toMatch(/^\[Rescind\] CRITICAL case [\w-]+ in account [0-9]{12}$/);
    expect(made.subject).not.toMatch(/\p{Cc}/u);
  });

  test('that lacks something does not fit the schema', () => {
    const { dedupId: _id, ...rest } = ticket();
    expect(takes(rest)).toBe(false);
    expect(takes({ ...ticket(), more: 1 })).toBe(false);
  });
});

describe('a ticket in the outbox', () => {
  function box(fault?: Error) {
    const published: string[] = [];
    const settled = new Map<string, string>();
    return {
      published,
      settled,
      file: () => Promise.resolve(),
      isDelivered: (caseId: string) => Promise.resolve(settled.has(caseId)),
      settle: async (caseId: string, at: string) => {
        settled.set(caseId, at);
      },
      publish: async ({ dedupId }: Ticket) => {
        if (fault !== undefined) throw fault;
        published.push(dedupId);
      },
    };
  }
  const clock = { now: () => new Date('2026-11-21T02:03:00Z') };

  test('is sent once, however often the stream brings it', async () => {
    const there = box();
    expect(await deliverTicket({ box: there, clock }, ticket())).toBe('published');
    expect(await deliverTicket({ box: there, clock }, ticket())).toBe('delivered before');
    expect(there.published).toEqual(['C-7F3A2B9C#ticket']);
  });

  test('that was not taken stays due', async () => {
    const there = box(new Error('throttled'));
    await expect(deliverTicket({ box: there, clock }, ticket())).rejects.toThrow('throttled');
    expect(there.settled.size).toBe(0);
  });
});
