import { describe, expect, it } from 'vitest';
import { broughtBy, detectionOf } from '../../../shared/cases/detection-of.ts';
import { accessEvent, rule, userPrincipal } from '../../support/case-scene.ts';

const AT = '2026-11-21T02:00:02.000Z';
const detect = (of: Parameters<typeof accessEvent>[0]) =>
  detectionOf(accessEvent(of), rule(), { playbook: 'contain', mode: 'enforce' }, AT);

describe('a detection', () => {
  it('keeps what explains it, and nothing else of the record', () => {
    expect(detect({ record: { secret: 'kept out' } })).toEqual({
      ruleId: 'rule-a',
      ruleTitle: 'Title of rule-a',
      ruleFile: 'rules/rule-a.yml',
      level: 'high',
      eventId: 'event-1',
      eventTime: '2026-11-21T02:00:00Z',
      detectedAt: AT,
      eventSource: 'iam.amazonaws.com',
      eventName: 'AttachUserPolicy',
      region: 'us-east-1',
      actor: 'mallory',
      sourceIp: '203.0.113.7',
      accessKeyId: 'AKIAMALLORY1',
      granted: [],
      playbook: 'contain',
      mode: 'enforce',
    });
  });

  it.each([
    [
      'a policy attached to a user',
      { eventName: 'AttachUserPolicy', record: { requestParameters: { userName: 'alice', policyArn: 'arn:p' } } },
      [{ kind: 'policy-attached', principal: 'alice', to: 'user', policyArn: 'arn:p' }],
    ],
    [
      'a policy attached to a role',
      { eventName: 'AttachRolePolicy', record: { requestParameters: { roleName: 'Deploy', policyArn: 'arn:p' } } },
      [{ kind: 'policy-attached', principal: 'Deploy', to: 'role', policyArn: 'arn:p' }],
    ],
    [
      'an access key, by the answer',
      {
        eventName: 'CreateAccessKey',
        record: {
          requestParameters: null,
          responseElements: { accessKey: { accessKeyId: 'AKIANEW', userName: 'alice' } },
        },
      },
      [{ kind: 'access-key-created', principal: 'alice', accessKeyId: 'AKIANEW' }],
    ],
    [
      'nothing, when the call failed',
      {
        eventName: 'AttachUserPolicy',
        errorCode: 'AccessDenied',
        record: { requestParameters: { userName: 'alice', policyArn: 'arn:p' } },
      },
      [],
    ],
    [
      'nothing, when another service has a call of the same name',
      {
        eventSource: 'evil.amazonaws.com',
        eventName: 'AttachUserPolicy',
        record: { requestParameters: { userName: 'alice', policyArn: 'arn:p' } },
      },
      [],
    ],
    ['nothing, when the answer names no key', { eventName: 'CreateAccessKey', record: { responseElements: {} } }, []],
    [
      'nothing, when the request is of another type',
      { record: { requestParameters: { userName: 7, policyArn: {} } } },
      [],
    ],
  ])('grants %s', (_, event, granted) => {
    expect(detect(event).granted).toEqual(granted);
  });

  it('is cut to what a table takes', () => {
    const big = 'x'.repeat(300_000);
    const found = detect({
      eventId: big,
      eventName: `${big}`,
      sourceIp: '\uDC00',
      principal: userPrincipal({ userName: big }),
      record: { requestParameters: { userName: big, policyArn: big } },
    });
    expect(found.eventId).toHaveLength(200);
    expect(found.sourceIp).toBe('\uFFFD');
    expect(JSON.stringify(found).length).toBeLessThan(12_000);
  });

  it('brings the long-term key that was used and what was granted, and no key of a session', () => {
    expect(broughtBy({ accessKeyId: 'AKIAONE', granted: [] })).toEqual(['key AKIAONE']);
    expect(broughtBy({ accessKeyId: 'ASIATEMP', granted: [] })).toEqual([]);
    expect(
      broughtBy({
        granted: [
          { kind: 'access-key-created', principal: 'alice', accessKeyId: 'AKIANEW' },
          { kind: 'policy-attached', principal: 'alice', policyArn: 'arn:p' },
        ],
      }),
    ).toEqual(['key AKIANEW', 'policy arn:p alice']);
  });
});
