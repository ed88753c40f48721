import type { Claims } from '../claims.ts';
import { ADMINISTRATOR_POLICY } from '../operator.ts';
import { release } from '../orders.ts';
import { differenceLine, fingerprint } from '../principal-state.ts';
import type { StageOf } from '../stage.ts';
import type { Cast } from './cast.ts';
import type { Played } from './play-attack.ts';
import { changesBetween, countFacts, readAll } from './snapshots.ts';

/** Access is given back: first without what should not come back, then all of it, byte for byte. */
export async function releaseAct(
  stage: StageOf<Cast>,
  claims: Claims,
  { user, session, before }: Played,
): Promise<void> {
  const { screen, cast } = stage;
  screen.heading('RELEASE  What was taken comes back from the ledger.');
  const released = await release(stage, user.case.caseId, false);
  await release(stage, session.case.caseId, false);

  const withheld = [`access key ${cast.stolenKey.accessKeyId}`, `attached policy ${ADMINISTRATOR_POLICY}`];
  const partly = changesBetween(cast, before, await readAll(cast));
  claims.add({
    text: 'release gave back everything except the stolen key and the policy that the attacker attached',
    proof: 'fresh reads against those before the containment: these two differ, and nothing else; the case lists both',
    holds:
      JSON.stringify(partly.map(({ fact }) => fact)) ===
        JSON.stringify(withheld.map((fact) => `${cast.user}: ${fact}`)) &&
      released.release?.withheld.length === withheld.length,
    seen: partly.map(differenceLine).join('; '),
  });

  screen.line();
  screen.paragraph('Had it been a false alarm, everything would have to come back, what was withheld too:', '  ');
  await release(stage, user.case.caseId, true);
  const now = await readAll(cast);
  const left = changesBetween(cast, before, now);
  screen.line();
  screen.line(`  All that IAM says of ${cast.user}, as one hash:`);
  screen.line(`    before the containment  sha256 ${fingerprint(before.user)}`);
  screen.line(`    after release --all     sha256 ${fingerprint(now.user)}`);
  claims.add({
    text: `release --all gave back ${cast.user} and ${cast.role} byte for byte`,
    proof:
      `${countFacts(now)} facts by fresh reads: tags, groups, policies, inline documents, keys and their status, login profile, trust policy; ` +
      `the embedded AWS does not offer ${now.user.unavailable.join(', ')}`,
    holds: left.length === 0 && fingerprint(before.user) === fingerprint(now.user),
    seen: left.map(differenceLine).join('; '),
  });
}
