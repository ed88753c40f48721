import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { QUARANTINE_POLICY_NAME } from '../../../shared/containment/documents.ts';
import { isJsonObject } from '../../../shared/json.ts';
import { changingIamCalls } from '../call-log.ts';
import type { Claims } from '../claims.ts';
import { ADMINISTRATOR_POLICY, operatorConfig } from '../operator.ts';
import { differenceLine } from '../principal-state.ts';
import type { StageOf } from '../stage.ts';
import { deniesEverything, deniesSession, statementsOf } from '../statements.ts';
import type { Cast } from './cast.ts';
import { FIRST_DETECTED, type Played } from './play-attack.ts';
import { changesBetween, countFacts, readAll } from './snapshots.ts';

/** What stands while both subjects are contained, by reads that know nothing of Rescind. */
export async function checkContainment(
  stage: StageOf<Cast>,
  claims: Claims,
  { timeline, user, session, before, since, createdKeyId }: Played,
  denySeenAt: number | undefined,
): Promise<void> {
  const { cast, connection } = stage;
  const quarantineArn = connection.output('QuarantinePolicyArn');
  const [now, quarantine, calls] = await Promise.all([
    readAll(cast),
    deployedPolicy(stage),
    changingIamCalls(cast.cloudTrail, since),
  ]);

  const recordedAt = timeline.recordedAt(FIRST_DETECTED) ?? Number.NaN;
  const milliseconds = (denySeenAt ?? Number.NaN) - recordedAt;
  claims.add({
    text: `The deny was seen ${milliseconds} ms after the first record was put on the bus`,
    proof: `ListAttachedUserPolicies of ${cast.user}, asked every 40 ms, until ${quarantineArn} was there; on AWS, CloudTrail's own delivery comes before it`,
    holds: milliseconds >= 0,
    seen: 'it was never seen',
  });
  claims.add({
    text: 'It denies every action on every resource, without condition',
    proof: 'its document in the template of the deployed stack, by GetTemplate',
    holds: statementsOf(quarantine).some(deniesEverything),
    seen: quarantine,
  });

  const ours = calls.filter(({ accessKeyId }) => accessKeyId !== cast.stolenKey.accessKeyId);
  const onUser = ours.filter(({ parameters }) => parameters.UserName === cast.user).map(({ action }) => action);
  claims.add({
    text: `The deny came first: ${onUser.length} changing calls on ${cast.user}, ${ours.length - onUser.length} on ${cast.role}, and no other`,
    proof: `the embedded AWS's own log of every call, in order: ${onUser.join(', ')}`,
    holds:
      JSON.stringify(onUser) ===
        JSON.stringify(['AttachUserPolicy', 'UpdateAccessKey', 'UpdateAccessKey', 'DetachUserPolicy']) &&
      ours.find(({ parameters }) => parameters.UserName === cast.user)?.parameters.PolicyArn === quarantineArn &&
      ours.length === onUser.length + 1 &&
      ours.some(({ action, parameters }) => action === 'PutRolePolicy' && parameters.RoleName === cast.role),
    seen: JSON.stringify(ours),
  });
  claims.add({
    text: 'Each of these was in the ledger, with the value that it replaced, before it was made',
    proof: `the cases table: ${user.ledger.length + session.ledger.length} entries, each intended before it was done`,
    holds:
      user.ledger.length + session.ledger.length === ours.length &&
      [...user.ledger, ...session.ledger].every(({ intendedAt, history = [] }) =>
        history.every(({ at }) => at >= intendedAt),
      ),
    seen: JSON.stringify(
      [...user.ledger, ...session.ledger].map(({ key, intendedAt, settledAt }) => [key, intendedAt, settledAt]),
    ),
  });

  const keys = [cast.stolenKey.accessKeyId, cast.otherKeyId];
  const changes = changesBetween(cast, before, now);
  const onTheRole = changes.filter(
    ({ fact, before: was }) => fact.startsWith(`${cast.role}: inline`) && was === undefined,
  );
  const expected = [
    `${cast.user}: attached policy ${quarantineArn}`,
    `${cast.user}: attached policy ${ADMINISTRATOR_POLICY}`,
    ...keys.map((id) => `${cast.user}: access key ${id}`),
    ...onTheRole.map(({ fact }) => fact),
  ].sort();
  claims.add({
    text: `Both keys of ${cast.user} are inactive, AdministratorAccess is off, one deny is on the role, all else is as it was`,
    proof: `${countFacts(before)} facts of ${cast.user}, ${cast.administrator} and ${cast.role}, before and now: exactly ${expected.length} differ`,
    holds:
      keys.every((id) => now.user.facts.get(`access key ${id}`) === 'Inactive') &&
      !now.user.facts.has(`attached policy ${ADMINISTRATOR_POLICY}`) &&
      onTheRole.length === 1 &&
      JSON.stringify(changes.map(({ fact }) => fact).sort()) === JSON.stringify(expected),
    seen: changes.map(differenceLine).join('; '),
  });
  const { subject } = session.case;
  const userId = subject.kind === 'session' ? `${subject.roleId}:${subject.sessionName}` : '';
  // The session's own call: its token was issued before that, so a later cut-off takes it in.
  const sessionUsedAt = timeline.recordedAt('StopLogging') ?? Number.NaN;
  const document = decodeURIComponent(onTheRole[0]?.after ?? '');
  claims.add({
    text: `The deny on ${cast.role} ends the attacker's session and no other one of that role`,
    proof: `GetRolePolicy: its condition names ${userId}, and a cut-off after that session was at work`,
    holds:
      userId !== '' &&
      statementsOf(document).length === 1 &&
      statementsOf(document).every((each) => deniesSession(each, userId, sessionUsedAt)),
    seen: document,
  });
  claims.add({
    text: `Both cases ended as contained, grade B; the key made for ${cast.administrator} is listed as open, for a person to close`,
    proof: `the cases table: ${user.case.caseId} and ${session.case.caseId}`,
    holds:
      [user, session].every(
        ({ case: { state, outcome } }) =>
          state === 'contained' && outcome?.kind === 'contained' && outcome.grade === 'B',
      ) &&
      user.case.outcome?.kind === 'contained' &&
      user.case.outcome.residual.some(
        ({ what, humanStep }) => what.includes(createdKeyId) && humanStep.includes(createdKeyId),
      ),
    seen: JSON.stringify([user.case.outcome, session.case.outcome]),
  });
}

/** Not by GetPolicyVersion, which the embedded AWS does not answer for a policy that a template made. */
async function deployedPolicy({ aws }: StageOf<Cast>): Promise<string> {
  const client = new CloudFormationClient(operatorConfig(aws));
  const { TemplateBody = '{}' } = await client
    .send(new GetTemplateCommand({ StackName: 'Rescind' }))
    .finally(() => client.destroy());
  const template: unknown = JSON.parse(TemplateBody);
  const resources = isJsonObject(template) && isJsonObject(template.Resources) ? Object.values(template.Resources) : [];
  const policy = resources
    .filter(isJsonObject)
    .find(({ Properties }) => isJsonObject(Properties) && Properties.ManagedPolicyName === QUARANTINE_POLICY_NAME);
  const properties = policy?.Properties;
  return isJsonObject(properties) ? JSON.stringify(properties.PolicyDocument) : '';
}
