import { expect, test } from 'vitest';
import { compileRuleFile } from '../../../shared/rules/compile/compile-rule-file.ts';
import { correlateEvent } from '../../../shared/rules/correlate/correlate-event.ts';
import { correlationsOf } from '../../../shared/rules/correlate/correlations-of.ts';
import { createCorrelator } from '../../../shared/rules/correlate/create-correlator.ts';
import type { Mark } from '../../../shared/rules/correlate/mark.ts';
import { createMemoryMarkStore } from '../../../shared/rules/correlate/mark-store.ts';
import { accessEvent } from '../../support/case-scene.ts';

const text = `title: f
id: f
name: f
logsource: {product: aws, service: cloudtrail}
detection: {a: {eventName: Fail}, condition: a}
---
title: many
id: many
correlation: {type: event_count, rules: [f], group-by: [user], timespan: 10s, condition: {gte: 3}}
---
title: values
id: values
correlation: {type: value_count, rules: [f], group-by: [user], timespan: 20s, condition: {field: size, gt: 1}}
`;
const correlator = createCorrelator(compileRuleFile(text, 'r.yml').rules);
const mark = (correlationId: string, seconds: number, eventId: string, value: string): Mark => ({
  correlationId,
  group: '["eve"]',
  ruleId: 'f',
  eventId,
  time: seconds * 1000,
  value,
});

test('the third event makes it true, once, however often it is delivered', async () => {
  const store = createMemoryMarkStore();
  const tell = async (seconds: number) =>
    (await correlateEvent(correlator, store, [mark('many', seconds, `e-${seconds}`, 'x')])).map(({ events }) => events);
  expect(await tell(100)).toEqual([]);
  expect(await tell(101)).toEqual([]);
  expect(await tell(101)).toEqual([]);
  expect(await tell(102)).toEqual([['e-100', 'e-101', 'e-102']]);
  expect(await tell(102)).toEqual([]);
});

test('an event that comes late completes a window that ends after it', async () => {
  const store = createMemoryMarkStore();
  for (const seconds of [100, 105])
    await correlateEvent(correlator, store, [mark('many', seconds, `e-${seconds}`, 'x')]);
  const late = await correlateEvent(correlator, store, [mark('many', 102, 'e-102', 'x')]);
  expect(late.map(({ events }) => events)).toEqual([['e-100', 'e-102', 'e-105']]);
});

test('what an event made true is told with when the last of its events happened, be it a later one', async () => {
  const store = createMemoryMarkStore();
  const { rules } = compileRuleFile(text, 'r.yml');
  const matches = rules.filter(({ header }) => header.id === 'f').map(({ header }) => header);
  const tell = async (eventTime: string) => {
    const record = { eventID: eventTime, eventTime, user: 'eve' };
    const told = await correlationsOf(correlator, store, accessEvent({ record }), matches);
    return told.map(({ rule, newest }) => [rule.id, newest]);
  };
  expect(await tell('2026-11-21T02:00:00Z')).toEqual([]);
  expect(await tell('2026-11-21T02:00:05Z')).toEqual([]);
  expect(await tell('2026-11-21T02:00:02Z')).toEqual([['many', '2026-11-21T02:00:05.000Z']]);
});
