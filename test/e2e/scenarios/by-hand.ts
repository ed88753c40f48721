import { CreateVirtualMFADeviceCommand, EnableMFADeviceCommand } from '@aws-sdk/client-iam';
import { describe, expect } from 'vitest';
import { userState } from '../support/iam-state.ts';
import { assume, makePerson, makeRole } from '../support/people.ts';
import { rescind } from '../support/run-command.ts';
import { scenario as test } from '../support/scenario.ts';

describe.concurrent('a containment by hand', () => {
  test('shows the plan and changes nothing; enforced, it contains; released, everything is as it was', async ({
    stage,
  }) => {
    const ida = await makePerson(stage, 'ida', 2);
    const before = await userState(stage.iam, ida.userName);

    const planned = await rescind(stage, 'contain', ida.userName, '--json');
    expect(planned.stderr).toContain('Acting on account 111122223333');
    expect(planned.code).toBe(0);
    const seen = JSON.parse(planned.stdout);
    expect(seen.case).toMatchObject({ mode: 'observe', state: 'open', outcome: { kind: 'planned' } });
    expect(seen.plan.steps[0].call.operation).toBe('AttachUserPolicy');
    expect(await userState(stage.iam, ida.userName)).toEqual(before);

    const done = await rescind(stage, 'contain', ida.keys[0].accessKeyId, '--enforce', '--yes', '--reason', 'a drill');
    const { caseId } = await stage.openCaseOf(ida.subject);
    expect(caseId).toBe(seen.case.caseId);
    expect(done.stdout).toContain(`${caseId}: user ${ida.userName} is contained`);
    expect(done.stdout).toContain(`npx rescind release ${caseId}`);
    expect(done.code).toBe(0);
    expect((await stage.store.detections(caseId)).map(({ actor, ruleTitle }) => `${ruleTitle} by ${actor}`)).toEqual(
      expect.arrayContaining([`By hand: a drill by arn:aws:iam::111122223333:root`]),
    );
    expect(await userState(stage.iam, ida.userName)).toMatchObject({
      [`key ${ida.keys[0].accessKeyId}`]: 'Inactive',
      [`key ${ida.keys[1]?.accessKeyId}`]: 'Inactive',
    });

    const released = await rescind(stage, 'release', caseId, '--all');
    expect(released.code).toBe(0);
    expect(await userState(stage.iam, ida.userName)).toEqual(before);
  });

  test('finds a session by the ARN of its role and its name, and ends it', async ({ stage }) => {
    const role = await makeRole(stage, 'Deploy');
    await assume(stage, role, 'laptop');
    const arn = `arn:aws:sts::${stage.facts.account}:assumed-role/${role.roleName}/laptop`;
    const done = await rescind(stage, 'contain', arn, '--enforce', '--yes', '--json');
    expect(JSON.parse(done.stdout).case).toMatchObject({
      state: 'contained',
      subject: { kind: 'session', key: `session:${role.roleId}:laptop` },
    });
    expect(done.code).toBe(0);
  });

  test('requires MFA of somebody who has a device, and contains somebody who has none', async ({ stage }) => {
    const [mia, max] = await Promise.all([makePerson(stage, 'mia'), makePerson(stage, 'max')]);
    const { VirtualMFADevice } = await stage.iam.send(
      new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: mia.userName }),
    );
    const device = {
      SerialNumber: VirtualMFADevice?.SerialNumber,
      AuthenticationCode1: '123456',
      AuthenticationCode2: '654321',
    };
    await stage.iam.send(new EnableMFADeviceCommand({ UserName: mia.userName, ...device }));
    const before = await userState(stage.iam, mia.userName);

    const asked = ['--playbook', 'require-mfa', '--enforce', '--yes'];
    const done = await rescind(stage, 'contain', mia.userName, ...asked);
    expect(done.stdout).toContain(`user ${mia.userName} is contained`);
    const { 'inline Rescind-RequireMfa': required, ...rest } = await userState(stage.iam, mia.userName);
    expect(decodeURIComponent(String(required))).toContain('"aws:MultiFactorAuthPresent":"false"');
    expect(rest).toEqual(before);

    const instead = await rescind(stage, 'contain', max.userName, ...asked);
    expect(instead.stdout).toContain(`user ${max.userName} is contained`);
    expect(await userState(stage.iam, max.userName)).toMatchObject({
      [`attached ${stage.output('QuarantinePolicyArn')}`]: 'yes',
      [`key ${max.keys[0].accessKeyId}`]: 'Inactive',
    });

    const { caseId } = await stage.openCaseOf(mia.subject);
    expect((await rescind(stage, 'release', caseId, '--all')).code).toBe(0);
    expect(await userState(stage.iam, mia.userName)).toEqual(before);
  });

  test('finds a role by its unique id, and says what an unknown id is', async ({ stage }) => {
    const role = await makeRole(stage, 'Report');
    const planned = await rescind(stage, 'contain', role.roleId);
    expect(planned.stdout).toContain(`role ${role.roleName} is open`);
    expect(planned.code).toBe(0);
    const unknown = await rescind(stage, 'contain', 'AROAAAAAAAAAAAAAAAAAA');
    expect(unknown.stderr).toContain('has no role with the id AROAAAAAAAAAAAAAAAAAA');
    expect(unknown.code).toBe(1);
  });

  test('without a terminal and without --yes ends with 2, and opens no case', async ({ stage }) => {
    const jon = await makePerson(stage, 'jon');
    const end = await rescind(stage, 'contain', jon.userName, '--enforce');
    expect(end).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(await stage.casesOf(jon.subject)).toEqual([]);
  });

  test('by this process is refused where a stack is deployed', async ({ stage }) => {
    const kim = await makePerson(stage, 'kim');
    const end = await rescind(stage, 'contain', kim.userName, '--direct', '--enforce', '--yes');
    expect(end).toMatchObject({ code: 2, stderr: expect.stringContaining('leave --direct out') });
    expect(await stage.casesOf(kim.subject)).toEqual([]);
  });

  test('of nobody, and of root, says so and ends with 1', async ({ stage }) => {
    const nobody = await rescind(stage, 'contain', `nobody-${stage.facts.suffix}`);
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no user nobody-') });
    const root = await rescind(stage, 'contain', 'arn:aws:iam::111122223333:root', '--enforce', '--yes');
    expect(root).toMatchObject({ code: 1, stderr: expect.stringContaining('No IAM policy restricts the root user') });
  });
});
