import { describe, expect, it } from 'vitest';
import { renderMessage } from '../../../shared/alerts/message.ts';
import { renderText } from '../../../shared/alerts/render-text.ts';
import * as alerts from './alerts.ts';

const to = { topicArn: 'arn:aws:sns:eu-central-1:123456789012:page', zone: 'Europe/Zurich' };
const bodiesOf = (message: string): Record<string, string> => JSON.parse(message);

describe('the message of a contained case', () => {
  const message = renderMessage(alerts.contained, to);

  it('carries what subscribers filter by', () => {
    expect(message).toMatchObject({
      TopicArn: 'arn:aws:sns:eu-central-1:123456789012:page',
      Subject: '[Rescind] CRITICAL contained, account 123456789012, C-7F3A2B9C',
      MessageStructure: 'json',
      MessageAttributes: {
        severity: { DataType: 'String', StringValue: 'critical' },
        state: { DataType: 'String', StringValue: 'contained' },
        account: { DataType: 'String', StringValue: '123456789012' },
        case: { DataType: 'String', StringValue: 'C-7F3A2B9C' },
        rules: {
          DataType: 'String.Array',
          StringValue: '["6c1b7d0e-5a3f-4d7c-9d55-0f6f3e1f2a01","6c1b7d0e-5a3f-4d7c-9d55-0f6f3e1f2a02"]',
        },
        'dedup-id': { DataType: 'String', StringValue: 'C-7F3A2B9C#4' },
      },
    });
  });

  it('is text for people and JSON with the same text for programs', () => {
    const { default: anybody, email, sms, ...programs } = bodiesOf(message.Message);
    const text = renderText(alerts.contained, 'Europe/Zurich');
    expect(anybody).toBe(text);
    expect(email).toBe(text);
    expect(sms).toMatch(/^CRITICAL contained: user mallory/);
    expect(Object.keys(programs).sort()).toEqual(['email-json', 'http', 'https', 'lambda', 'sqs']);
    for (const json of Object.values(programs)) {
      const document: unknown = JSON.parse(json);
      expect(document).toMatchObject({
        ...alerts.contained,
        channel: 'page',
        summary: 'contained',
        leftOut: { detections: 0, steps: 0, items: 0 },
        commands: ['npx rescind case show C-7F3A2B9C', 'npx rescind release C-7F3A2B9C'],
        text,
      });
    }
  });
});

it('leaves out detections of a huge case, says how many, and keeps the newest', () => {
  const detections = Array.from({ length: 400 }, (_, index) => ({
    ...alerts.adminPolicyAttached,
    eventId: `event-${index}`,
    actor: '"\\'.repeat(4000),
  }));
  const message = renderMessage({ ...alerts.contained, detections, olderDetections: 5 }, to);
  const { https } = bodiesOf(message.Message);
  const document = JSON.parse(https ?? '');
  const kept = document.detections.length;
  expect(kept).toBeGreaterThan(0);
  expect(document.leftOut.detections).toBe(405 - kept);
  expect(document.detections.at(-1).eventId).toBe('event-399');
});

it('gives each attribute a value, since SNS refuses an empty one', () => {
  const { MessageAttributes } = renderMessage({ ...alerts.contained, account: '', detections: [] }, to);
  expect(MessageAttributes.account.StringValue).toBe('unknown');
  expect(MessageAttributes.rules.StringValue).toBe('[]');
});
