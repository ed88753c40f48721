import fc from 'fast-check';
import { restore } from '../../shared/containment/restore.ts';
import { createScene, roleSubject, sessionSubject, userSubject } from '../shared/containment/scene.ts';
import { ADMINISTRATOR_ARN, READ_ONLY_ARN } from '../support/fake-iam.ts';
import type { Runs } from './figures.ts';

const OWN = Array.from({ length: 9 }, (_, n) => `arn:aws:iam::111122223333:policy/own-${n}`);
const status = fc.constantFrom('Active' as const, 'Inactive' as const);
const credentials = (prefix: string, max: number) =>
  fc.array(status, { maxLength: max }).map((all) => new Map(all.map((one, n) => [`${prefix}${n}`, one])));
const attached = fc
  .uniqueArray(fc.constantFrom(ADMINISTRATOR_ARN, READ_ONLY_ARN, ...OWN), { maxLength: 10 })
  .map((all) => new Set(all));
/** Up to the very edge of the quota, which a deny of ours may then not fit under. */
const inline = (quota: number) =>
  fc
    .dictionary(
      fc.constantFrom('Rescind-Quarantine', 'Rescind-RevokeSessions', 'own', 'other', '__proto__'),
      fc.oneof(
        fc.constant('{ "Version":"2012-10-17",\n\t"Statement":[] }'),
        fc.string({ maxLength: 60, unit: 'grapheme' }),
        fc.integer({ min: quota / 2 - 300, max: quota / 2 }).map((length) => 'x'.repeat(length)),
      ),
      { maxKeys: 2 },
    )
    .map((all) => new Map(Object.entries(all)));

/** Where there is room for a deny neither among the attached nor inline, it takes the place of this one. */
const boundary = fc.constantFrom(undefined, READ_ONLY_ARN, ...OWN.slice(0, 2));

const baseline = fc.record({
  kind: fc.constantFrom('user' as const, 'user' as const, 'role' as const, 'session' as const),
  user: fc.record({
    attached,
    inline: inline(2_048),
    accessKeys: credentials('AKIA', 2),
    serviceCredentials: credentials('ACCA', 4),
    sshKeys: credentials('APKA', 5),
    certificates: credentials('CERT', 2),
    boundary,
  }),
  role: fc.record({ attached, inline: inline(10_240), boundary }),
});

/** Contains and releases so many random principals; those that did not come back byte for byte. */
export async function restoreExactly({ seed, progress, count }: Runs & { readonly count: number }) {
  const violations: string[] = [];
  let changed = 0;
  for (const [index, { kind, user, role }] of fc.sample(baseline, { seed, numRuns: count }).entries()) {
    if (index % 2_000 === 0) progress(`${index} of ${count} baselines`);
    const { fake, contain, ledger } = createScene();
    for (const arn of OWN) fake.putPolicy(arn, '{"Statement":{"Effect":"Allow","Action":"iam:*","Resource":"*"}}');
    const made = kind === 'user' ? fake.createUser('alice', user) : fake.createRole('builder', role);
    const subject =
      'userId' in made ? userSubject(made) : kind === 'role' ? roleSubject(made) : sessionSubject(made, 's-1');
    const before = JSON.stringify(fake.state());
    const actions = ({ role: ['quarantine', 'revoke-sessions'], session: ['revoke-session'] } as const)[
      kind === 'user' ? 'role' : kind
    ];
    const request = kind === 'user' ? { subject } : { subject, actions };
    await contain(request);
    await contain({ ...request, pass: 'detach' });
    if (JSON.stringify(fake.state()) !== before) changed += 1;
    await restore({ iam: fake.iam, ledger: ledger.takeLease() }, { subject, withheld: [] });
    const after = JSON.stringify(fake.state());
    if (after !== before) violations.push(`${before} came back as ${after}`);
  }
  return { changed, violations };
}
