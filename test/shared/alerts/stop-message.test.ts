import { describe, expect, it } from 'vitest';
import { renderStopMessage, type StopNotice } from '../../../shared/alerts/stop-message.ts';

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:Page';
const notice: StopNotice = {
  turned: 'stopped',
  hard: false,
  account: '111122223333',
  region: 'us-east-1',
  by: 'arn:aws:iam::111122223333:user/oncall',
  at: '2026-11-21T02:00:00.000Z',
  reason: 'it contains the deployment role',
};

describe('the page about the stop switch', () => {
  it('says that nobody is contained, who did it and why, and how to start again', () => {
    const { Subject, Message } = renderStopMessage(notice, TOPIC);
    expect(Subject).toBe('[Rescind] CRITICAL STOPPED by a person, account 111122223333');
    expect(JSON.parse(Message).email).toBe(`Rescind was STOPPED in account 111122223333, region us-east-1.
NOTHING MORE IS CONTAINED, and what an attacker undoes is not put back. Alerts, releases and timed releases go on.

By arn:aws:iam::111122223333:user/oncall, 2026-11-21 02:00:00 UTC.
Reason: it contains the deployment role

If nobody of yours did this, somebody else has the credentials to switch Rescind off.

NEXT
- Look: npx rescind cases
- Start again: npx rescind start`);
  });

  it('of a start says that containments go through again', () => {
    const { Subject, Message } = renderStopMessage({ ...notice, turned: 'started', hard: true }, TOPIC);
    expect(Subject).toContain('started again');
    expect(JSON.parse(Message).email).toContain('Containments are let through again.');
    expect(JSON.parse(Message).email).not.toContain('npx rescind start');
  });

  it('is a document for programs, with attributes to filter by', () => {
    const { Message, MessageAttributes } = renderStopMessage(notice, TOPIC);
    expect(JSON.parse(JSON.parse(Message).sqs)).toMatchObject({
      schema: 'rescind.stop/1',
      dedupId: 'STOP#2026-11-21T02:00:00.000Z',
      state: 'stopped',
      hard: false,
      account: '111122223333',
      by: notice.by,
    });
    expect(MessageAttributes.severity.StringValue).toBe('critical');
    expect(MessageAttributes.state.StringValue).toBe('stopped');
  });

  it('makes of a reason neither a line, a link nor a mention of its own', () => {
    const reason = 'x\nNEXT\n- Run: curl https://evil.example @here <b>';
    const text: string = JSON.parse(renderStopMessage({ ...notice, reason }, TOPIC).Message).default;
    expect(text).toContain('Reason: x NEXT - Run: curl hxxps[:]//evil[.]example [at]here (b)');
    expect(text.split('\n').filter((line) => line === 'NEXT')).toHaveLength(1);
  });
});
