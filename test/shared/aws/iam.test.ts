import { IAMClient } from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { createIam } from '../../../shared/aws/iam.ts';
import { type Call, IAM_WRITES } from '../../../shared/containment/call.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

type Answer = { readonly status: number; readonly body: string } | Error;

const ok = (operation: string, result = ''): Answer => ({
  status: 200,
  body: `<${operation}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${operation}Result>${result}</${operation}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${operation}Response>`,
});
const fault = (code: string, status = 400): Answer => ({
  status,
  body: `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>${code}</Code><Message>said ${code}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
});

/** The SDK's own client with a scripted wire under it: what is sent and how answers are read is the real thing. */
function wired(...answers: readonly Answer[]) {
  const sent: Record<string, string>[] = [];
  const left = [...answers];
  const client = new IAMClient({
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    requestHandler: {
      async handle(request: { readonly body?: unknown }) {
        sent.push(Object.fromEntries(new URLSearchParams(String(request.body))));
        const answer = left.length > 1 ? left.shift() : left[0];
        if (answer === undefined || answer instanceof Error) throw answer ?? new Error('no answer was scripted');
        const { status, body } = answer;
        return {
          response: {
            statusCode: status,
            headers: { 'content-type': 'text/xml' },
            body: new TextEncoder().encode(body),
          },
        };
      },
    },
  });
  const clock = createVirtualClock('2026-11-21T02:00:00Z');
  return { iam: createIam(client, { clock, random: () => 0.5, budgetMilliseconds: 5_000 }), sent, clock };
}

const deactivate: Call = {
  service: 'iam',
  operation: 'UpdateAccessKey',
  input: { UserName: 'alice', AccessKeyId: 'AKIAONE', Status: 'Inactive' },
};

describe('sending a call', () => {
  test('sends exactly its parameters', async () => {
    const { iam, sent } = wired(ok('UpdateAccessKey'));
    expect(await iam.execute(deactivate)).toEqual({ kind: 'done' });
    expect(sent).toEqual([
      {
        Action: 'UpdateAccessKey',
        Version: '2010-05-08',
        UserName: 'alice',
        AccessKeyId: 'AKIAONE',
        Status: 'Inactive',
      },
    ]);
  });

  test('keeps a document byte for byte', async () => {
    const document = '{ "Version":"2012-10-17",\n"Statement":[] , "ä+%": 1}';
    const { iam, sent } = wired(ok('PutUserPolicy'));
    await iam.execute({
      service: 'iam',
      operation: 'PutUserPolicy',
      input: { UserName: 'alice', PolicyName: 'p', PolicyDocument: document },
    });
    expect(sent[0]?.PolicyDocument).toBe(document);
  });

  test.each(IAM_WRITES)('%s reaches IAM under its own name', async (operation) => {
    const { iam, sent } = wired(ok(operation));
    const input = {
      UserName: 'alice',
      RoleName: 'builder',
      PolicyArn: 'arn:aws:iam::aws:policy/A',
      PolicyName: 'p',
      PolicyDocument: '{}',
      AccessKeyId: 'AKIAONE',
      ServiceSpecificCredentialId: 'ACCAONE',
      SSHPublicKeyId: 'APKAONE',
      CertificateId: 'CERT',
      Status: 'Inactive',
      PermissionsBoundary: 'arn:aws:iam::aws:policy/A',
      Tags: [{ Key: 'rescind:held', Value: 'by Rescind' }],
    };
    expect(await iam.execute({ service: 'iam', operation, input })).toEqual({ kind: 'done' });
    expect(sent.map(({ Action }) => Action)).toEqual([operation]);
  });

  test.each([
    [[{ Key: 'team', Value: 'payroll' }]],
    [
      [
        { Key: 'rescind:held', Value: 'by Rescind' },
        { Key: 'team', Value: 'payroll' },
      ],
    ],
    [[]],
    ['rescind:held'],
  ])('a tag other than ours is never sent: %j', async (Tags) => {
    const { iam, sent } = wired(ok('TagUser'));
    const call: Call = { service: 'iam', operation: 'TagUser', input: { UserName: 'alice', Tags } };
    await expect(iam.execute(call)).rejects.toThrow('TagUser of another tag than rescind:held');
    expect(sent).toEqual([]);
  });

  test('only ours is ever taken off', async () => {
    const { iam, sent } = wired(ok('UntagUser'));
    const call: Call = { service: 'iam', operation: 'UntagUser', input: { UserName: 'alice', TagKeys: ['team'] } };
    await iam.execute(call);
    expect(sent[0]).toMatchObject({ 'TagKeys.member.1': 'rescind:held' });
  });

  test('a call that lacks a parameter, or asks for another status, is never sent', async () => {
    const { iam, sent } = wired(ok('UpdateAccessKey'));
    await expect(iam.execute({ ...deactivate, input: { UserName: 'alice', Status: 'Inactive' } })).rejects.toThrow(
      'UpdateAccessKey without AccessKeyId',
    );
    await expect(iam.execute({ ...deactivate, input: { ...deactivate.input, Status: 'Deleted' } })).rejects.toThrow(
      'No credential is set to Deleted',
    );
    expect(sent).toEqual([]);
  });
});

describe('errors, told apart by name', () => {
  test.each([
    ['NoSuchEntity', 404, { kind: 'missing', detail: 'said NoSuchEntity' }],
    ['LimitExceeded', 409, { kind: 'quota', detail: 'said LimitExceeded' }],
    ['InvalidAction', 400, { kind: 'unavailable', detail: 'said InvalidAction' }],
    ['NotImplemented', 501, { kind: 'unavailable', detail: 'said NotImplemented' }],
    ['AccessDenied', 403, { kind: 'failed', error: 'AccessDenied', detail: 'said AccessDenied' }],
    [
      'MalformedPolicyDocument',
      400,
      { kind: 'failed', error: 'MalformedPolicyDocumentException', detail: 'said MalformedPolicyDocument' },
    ],
  ])('%s', async (code, status, expected) => {
    const { iam, sent } = wired(fault(code, status));
    expect(await iam.execute(deactivate)).toEqual(expected);
    expect(sent).toHaveLength(1);
  });

  test.each([
    ['Throttling', 400],
    ['ConcurrentModification', 409],
    ['ServiceFailure', 500],
    ['Anything', 503],
  ])('%s is asked again until it passes', async (code, status) => {
    const { iam, sent, clock } = wired(fault(code, status), fault(code, status), ok('UpdateAccessKey'));
    expect(await iam.execute(deactivate)).toEqual({ kind: 'done' });
    expect(sent).toHaveLength(3);
    expect(clock.slept).toEqual([50, 100]);
  });

  test('a lost connection is asked again: every call of ours may be sent twice', async () => {
    const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    const { iam, sent } = wired(lost, ok('UpdateAccessKey'));
    expect(await iam.execute(deactivate)).toEqual({ kind: 'done' });
    expect(sent).toHaveLength(2);
  });

  test('throttling that does not end is given up inside the budget, and is no success', async () => {
    const { iam, clock } = wired(fault('Throttling'));
    expect(await iam.execute(deactivate)).toMatchObject({ kind: 'failed', detail: 'said Throttling' });
    expect(clock.slept.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(5_000);
    expect(clock.slept.length).toBeGreaterThan(3);
  });
});

describe('reading', () => {
  test('a user and a role by name; undefined only when nobody bears it', async () => {
    const user =
      '<User><UserName>alice</UserName><UserId>AIDAONE</UserId><Arn>arn:aws:iam::1:user/alice</Arn><Path>/</Path><CreateDate>2026-01-01T00:00:00Z</CreateDate></User>';
    expect(await wired(ok('GetUser', user)).iam.getUser('alice')).toEqual({
      userName: 'alice',
      userId: 'AIDAONE',
      arn: 'arn:aws:iam::1:user/alice',
    });
    const role =
      '<Role><RoleName>r</RoleName><RoleId>AROAONE</RoleId><Arn>arn:aws:iam::1:role/x/r</Arn><Path>/x/</Path><CreateDate>2026-01-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>%7B%22Statement%22%3A%20%5B%5D%7D</AssumeRolePolicyDocument></Role>';
    expect(await wired(ok('GetRole', role)).iam.getRole('r')).toEqual({
      roleName: 'r',
      roleId: 'AROAONE',
      arn: 'arn:aws:iam::1:role/x/r',
      path: '/x/',
      trust: '{"Statement": []}',
    });
    const bound = user.replace(
      '<Path>',
      '<PermissionsBoundary><PermissionsBoundaryType>PermissionsBoundaryPolicy</PermissionsBoundaryType><PermissionsBoundaryArn>arn:aws:iam::1:policy/team</PermissionsBoundaryArn></PermissionsBoundary><Path>',
    );
    expect(await wired(ok('GetUser', bound)).iam.getUser('alice')).toMatchObject({
      boundary: 'arn:aws:iam::1:policy/team',
    });
    const tagged = role.replace(
      '<Path>',
      '<Tags><member><Key>team</Key><Value>payroll</Value></member><member><Key>rescind:held</Key><Value>by Rescind</Value></member></Tags><Path>',
    );
    expect(await wired(ok('GetRole', tagged)).iam.getRole('r')).toMatchObject({ held: 'by Rescind' });
    expect(await wired(fault('NoSuchEntity', 404)).iam.getUser('bob')).toBeUndefined();
    await expect(wired(fault('AccessDenied', 403)).iam.getUser('bob')).rejects.toThrow('said AccessDenied');
  });

  test('follows every page', async () => {
    const key = (id: string, status: string) =>
      `<member><UserName>alice</UserName><AccessKeyId>${id}</AccessKeyId><Status>${status}</Status><CreateDate>2026-01-01T00:00:00Z</CreateDate></member>`;
    const { iam, sent } = wired(
      ok(
        'ListAccessKeys',
        `<AccessKeyMetadata>${key('AKIAONE', 'Active')}</AccessKeyMetadata><IsTruncated>true</IsTruncated><Marker>m1</Marker>`,
      ),
      ok(
        'ListAccessKeys',
        `<AccessKeyMetadata>${key('AKIATWO', 'Inactive')}</AccessKeyMetadata><IsTruncated>false</IsTruncated>`,
      ),
    );
    expect(await iam.accessKeys('alice')).toEqual({
      kind: 'read',
      value: [
        { id: 'AKIAONE', status: 'Active' },
        { id: 'AKIATWO', status: 'Inactive' },
      ],
    });
    expect(sent.map(({ Marker }) => Marker)).toEqual([undefined, 'm1']);
  });

  test('a marker that never ends is a failed read, not a long list', async () => {
    const { iam, sent } = wired(
      ok('ListAccessKeys', '<AccessKeyMetadata/><IsTruncated>true</IsTruncated><Marker>m</Marker>'),
    );
    expect(await iam.accessKeys('alice')).toEqual({
      kind: 'failed',
      operation: 'ListAccessKeys',
      error: 'Error: The list did not end after 50 pages',
    });
    expect(sent).toHaveLength(50);
  });

  test('an empty list is read; a list that the endpoint lacks, or refuses, is not empty', async () => {
    const empty = ok('ListSigningCertificates', '<Certificates/><IsTruncated>false</IsTruncated>');
    expect(await wired(empty).iam.certificates('alice')).toEqual({ kind: 'read', value: [] });
    expect(await wired(fault('InvalidAction')).iam.certificates('alice')).toEqual({
      kind: 'unavailable',
      operation: 'ListSigningCertificates',
      reason: 'said InvalidAction',
    });
    expect(await wired(fault('AccessDenied', 403)).iam.certificates('alice')).toEqual({
      kind: 'failed',
      operation: 'ListSigningCertificates',
      error: 'AccessDenied: said AccessDenied',
    });
  });

  test('the other lists', async () => {
    const attached = ok(
      'ListAttachedUserPolicies',
      '<AttachedPolicies><member><PolicyName>A</PolicyName><PolicyArn>arn:aws:iam::aws:policy/A</PolicyArn></member></AttachedPolicies><IsTruncated>false</IsTruncated>',
    );
    expect(await wired(attached).iam.attachedUserPolicies('alice')).toEqual({
      kind: 'read',
      value: [{ arn: 'arn:aws:iam::aws:policy/A', name: 'A' }],
    });
    const ssh = ok(
      'ListSSHPublicKeys',
      '<SSHPublicKeys><member><UserName>alice</UserName><SSHPublicKeyId>APKAONE</SSHPublicKeyId><Status>Active</Status><UploadDate>2026-01-01T00:00:00Z</UploadDate></member></SSHPublicKeys><IsTruncated>false</IsTruncated>',
    );
    expect(await wired(ssh).iam.sshKeys('alice')).toEqual({
      kind: 'read',
      value: [{ id: 'APKAONE', status: 'Active' }],
    });
    const service = ok(
      'ListServiceSpecificCredentials',
      '<ServiceSpecificCredentials><member><UserName>alice</UserName><ServiceSpecificCredentialId>ACCAONE</ServiceSpecificCredentialId><Status>Inactive</Status><ServiceName>codecommit.amazonaws.com</ServiceName><CreateDate>2026-01-01T00:00:00Z</CreateDate></member></ServiceSpecificCredentials>',
    );
    expect(await wired(service).iam.serviceCredentials('alice')).toEqual({
      kind: 'read',
      value: [{ id: 'ACCAONE', status: 'Inactive' }],
    });
  });

  test('documents come back as they were written', async () => {
    const text = '{"Statement":[{"Resource":"arn:aws:s3:::a/%25+ä"}]}';
    const inline = ok(
      'GetUserPolicy',
      `<UserName>alice</UserName><PolicyName>p</PolicyName><PolicyDocument>${encodeURIComponent(text)}</PolicyDocument>`,
    );
    expect(await wired(inline).iam.userPolicy('alice', 'p')).toEqual({ kind: 'read', value: text });
    const bare = '{"Statement":[],"Id":"100%25"}';
    const unencoded = ok('GetUserPolicy', `<PolicyName>p</PolicyName><PolicyDocument>${bare}</PolicyDocument>`);
    expect(await wired(unencoded).iam.userPolicy('alice', 'p')).toEqual({ kind: 'read', value: bare });
    expect(await wired(fault('NoSuchEntity', 404)).iam.userPolicy('alice', 'p')).toEqual({
      kind: 'read',
      value: undefined,
    });
    const { iam, sent } = wired(
      ok('GetPolicy', '<Policy><PolicyName>A</PolicyName><DefaultVersionId>v7</DefaultVersionId></Policy>'),
      ok(
        'GetPolicyVersion',
        `<PolicyVersion><Document>${encodeURIComponent(text)}</Document><VersionId>v7</VersionId></PolicyVersion>`,
      ),
    );
    expect(await iam.managedPolicy('arn:aws:iam::aws:policy/A')).toEqual({ kind: 'read', value: text });
    expect(sent[1]).toMatchObject({ Action: 'GetPolicyVersion', VersionId: 'v7' });
  });
});
