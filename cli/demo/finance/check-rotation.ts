import { changingCalls } from '../call-log.ts';
import type { Claims } from '../claims.ts';
import type { StageOf } from '../stage.ts';
import type { Cast } from './cast.ts';
import type { Played } from './night-act.ts';
import { currentVersion, secretVersions } from './secret-versions.ts';

/** What was done about the password itself, which whoever read it knows whatever is denied to them. */
export async function checkRotation(
  { cast }: StageOf<Cast>,
  claims: Claims,
  { found, alerts, since }: Played,
): Promise<void> {
  const { cloudTrail, secrets, secret, newsletter, firstVersion } = cast;
  const [calls, versions] = await Promise.all([
    changingCalls(cloudTrail, since, 'secretsmanager.amazonaws.com'),
    secretVersions(secrets, secret),
  ]);
  const told = found.outbox.map(({ alert }) => alert);
  const outcomes = told.flatMap(({ outcome }) => outcome ?? []);
  const contained = outcomes.findIndex(({ kind }) => kind === 'contained');
  claims.add({
    text: 'As long as the password that was read may be valid the outcome is not contained but partial, and says why',
    // An alert that a newer one overtook is not sent.
    proof: `the cases table: ${outcomes.map(({ kind }) => kind).join(', then ')}; alerts that came: ${alerts.map(({ attributes }) => attributes.state).join(', ')}`,
    holds:
      contained > 0 &&
      outcomes
        .slice(0, contained)
        .every(
          (each) =>
            each.kind === 'partial' &&
            each.missing.some(({ item, reason }) => item.includes(secret) && reason.includes('still valid')),
        ),
    seen: JSON.stringify(told),
  });
  claims.add({
    text: `The rotation that is set up for ${secret} was started, and once more when that was through, for its function may alternate between two users`,
    proof: `the embedded AWS's own log: ${calls.map(({ action }) => action).join(', ')}; each names the secret and a token, and nothing of how it rotates`,
    holds:
      calls.length === 2 &&
      calls.every(
        ({ action, parameters }) =>
          action === 'RotateSecret' &&
          Object.keys(parameters).sort().join() === 'ClientRequestToken,SecretId' &&
          String(parameters.SecretId).includes(`:secret:${secret}-`),
      ) &&
      !JSON.stringify(calls).includes(newsletter),
    seen: JSON.stringify(calls),
  });
  claims.add({
    text: 'It was called contained only when the version that was read bore no label any more',
    proof: `DescribeSecret: of the three versions, ${[...versions.values()].flat().join(' and ')} are the two that came after it`,
    holds:
      found.case.outcome?.kind === 'contained' &&
      versions.size === 2 &&
      !versions.has(firstVersion) &&
      currentVersion(versions) === calls.at(-1)?.parameters.ClientRequestToken,
    seen: JSON.stringify({ outcome: found.case.outcome, versions: [...versions], firstVersion }),
  });
}
