import { IAMClient } from '@aws-sdk/client-iam';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFlow, executionName } from '../../../shared/aws/flow.ts';
import { createPrincipalLookup } from '../../../shared/aws/principal-lookup.ts';
import { createStopSwitch } from '../../../shared/aws/stop-switch.ts';
import { type AwsAnswer, type ScriptedAws, startScriptedAws } from '../../support/scripted-aws.ts';

const MACHINE = 'arn:aws:states:us-east-1:111122223333:stateMachine:remediate';
let aws: ScriptedAws;
let answer: AwsAnswer;
const fault = (name: string): AwsAnswer => ({ status: 400, body: JSON.stringify({ __type: name, message: name }) });
const says = (body: object): AwsAnswer => ({ status: 200, body: JSON.stringify(body) });

beforeAll(async () => {
  aws = await startScriptedAws(() => answer);
});
afterAll(() => aws.stop());
beforeEach(() => {
  aws.requests.length = 0;
});

describe('the flow', () => {
  const contain = { kind: 'contain', caseId: 'C-7K2M9QXD', planVersion: 3 } as const;

  it('names an execution after everything that its input holds', () => {
    expect(executionName(contain)).toBe('C-7K2M9QXD-plan-3');
    const release = { kind: 'release', caseId: 'C-7K2M9QXD', release: 2, all: false } as const;
    expect(executionName(release)).toBe('C-7K2M9QXD-release-2');
    expect(executionName({ ...release, all: true })).toBe('C-7K2M9QXD-release-2-all');
  });

  it('is started once: an execution of the name is this execution', async () => {
    const flow = createFlow(new SFNClient({}), MACHINE);
    answer = says({ executionArn: 'arn', startDate: 1 });
    await flow.start(contain);
    expect(JSON.parse(aws.requests[0]?.body ?? '{}')).toEqual({
      stateMachineArn: MACHINE,
      name: 'C-7K2M9QXD-plan-3',
      input: '{"kind":"contain","caseId":"C-7K2M9QXD","planVersion":3}',
    });
    answer = fault('ExecutionAlreadyExists');
    await flow.start(contain);
    answer = fault('StateMachineDoesNotExist');
    await expect(flow.start(contain)).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
  });

  it('answers whoever waits, and says when nobody does', async () => {
    const flow = createFlow(new SFNClient({}), MACHINE);
    answer = says({});
    expect(await flow.answer('token', false)).toBe('answered');
    expect(JSON.parse(aws.requests[0]?.body ?? '{}')).toEqual({ taskToken: 'token', output: '{"approved":false}' });
    for (const name of ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']) {
      answer = fault(name);
      expect(await flow.answer('token', true)).toBe('gone');
    }
    answer = fault('AccessDeniedException');
    await expect(flow.answer('token', true)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('the stop switch', () => {
  const isStopped = () => createStopSwitch(new SSMClient({}), '/rescind/stop')();

  it('lets through only on a readable "off"', async () => {
    answer = says({ Parameter: { Value: 'off' } });
    expect(await isStopped()).toEqual({ stopped: false });
  });

  it.each([
    ['"on"', says({ Parameter: { Value: 'on' } })],
    ['"OFF"', says({ Parameter: { Value: 'OFF' } })],
    ['an empty value', says({ Parameter: { Value: '' } })],
    ['no value', says({ Parameter: {} })],
    ['no parameter', fault('ParameterNotFound')],
    ['no permission', fault('AccessDeniedException')],
  ])('stops on %s, and says why', async (_, given) => {
    answer = given;
    expect(await isStopped()).toMatchObject({ stopped: true, why: expect.stringContaining('/rescind/stop') });
  });
});

describe('the look-up of a name', () => {
  const xml = (status: number, body: string): AwsAnswer => ({ status, body });
  const error = (code: string) =>
    xml(
      400,
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
    );
  const lookup = () => createPrincipalLookup(new IAMClient({}));

  it('tells the unique id behind it', async () => {
    answer = xml(
      200,
      '<GetUserResponse><GetUserResult><User><UserName>alice</UserName><UserId>AIDAALICE</UserId><Arn>arn:a</Arn><Path>/</Path></User></GetUserResult></GetUserResponse>',
    );
    expect(await lookup().getUser('alice')).toEqual({ userName: 'alice', userId: 'AIDAALICE', arn: 'arn:a' });
  });

  it('tells nobody from a fault: only a name that nobody bears is an answer', async () => {
    answer = error('NoSuchEntity');
    expect(await lookup().getUser('ghost')).toBeUndefined();
    expect(await lookup().getRole('ghost')).toBeUndefined();
    for (const code of ['Throttling', 'AccessDenied']) {
      answer = error(code);
      await expect(lookup().getUser('alice')).rejects.toThrow();
      await expect(lookup().getRole('Deploy')).rejects.toThrow();
    }
  });
});
