import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { startEmbeddedAws } from '../../cli/embedded-aws/start-embedded-aws.ts';
import { systemClock } from '../../functions/system.ts';
import { createIam } from '../../shared/aws/iam.ts';
import type { Subject } from '../../shared/cases/subject.ts';
import { contain } from '../../shared/containment/contain.ts';
import { QUARANTINE_POLICY_NAME, quarantineDocument } from '../../shared/containment/documents.ts';
import { playbookActions } from '../../shared/containment/playbooks.ts';
import { FIRST_VERIFY, verify } from '../../shared/containment/verify.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import type { Bench } from './figure.ts';

const READ = /^(Get|List)/;

/** IAM calls of a containment, counted on the wire: a user with two keys, one privileged policy and one harmless one. */
export const measureCalls: Bench = async (progress) => {
  progress('containing one user on the embedded AWS');
  const aws = await startEmbeddedAws();
  try {
    const config = {
      endpoint: aws.endpoint,
      region: aws.region,
      credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
    };
    const operator = new IAMClient(config);
    const subject = await makeUser(operator);
    const { Policy } = await operator.send(
      new CreatePolicyCommand({ PolicyName: QUARANTINE_POLICY_NAME, PolicyDocument: quarantineDocument() }),
    );
    const quarantinePolicyArn = Policy?.Arn ?? '';

    const calls: string[] = [];
    const client = new IAMClient({ ...config, maxAttempts: 1 });
    client.middlewareStack.add(
      (next, context) => (args) => {
        calls.push(String(context.commandName).replace(/Command$/, ''));
        return next(args);
      },
      { step: 'initialize', name: 'countCalls' },
    );
    const iam = createIam(client, { clock: systemClock, random: Math.random });
    const ledger = createMemoryLedger(systemClock).takeLease();
    const planned = playbookActions('contain', subject);
    const actions = planned.kind === 'actions' ? planned.actions : [];
    const deps = { iam, ledger, clock: systemClock, mayWrite: async () => ({ ok: true }) as const };
    const request = { subject, actions, quarantinePolicyArn, sessionMarginSeconds: 60 };

    await contain(deps, { ...request, pass: 'first' });
    const first = calls.splice(0);
    await contain(deps, { ...request, pass: 'detach' });
    const detach = calls.splice(0);
    // With a settle time above the offset of the second round, one call of verify makes rounds of fresh reads and waits.
    const looked = await verify(deps, { subject, actions, settleSeconds: 3, progress: FIRST_VERIFY });
    const rounds = looked.kind === 'seen' ? looked.progress.round : 1;
    const looks = calls.splice(0);

    const mutating = [...first, ...detach].filter((name) => !READ.test(name));
    const deny = first.findIndex((name) => !READ.test(name));
    return [
      {
        bench: 'calls',
        what: 'the deny among mutating calls',
        value: `number ${mutating.indexOf('AttachUserPolicy') + 1}`,
        limit: 'number 1',
        within: mutating[0] === 'AttachUserPolicy',
      },
      {
        bench: 'calls',
        what: 'mutating calls: 2 keys, 0 other credentials, 1 privileged policy',
        value: `${mutating.length}`,
        limit: '1 + 2 + 0 + 1 = 4',
        within: mutating.length <= 4,
      },
      { bench: 'calls', what: 'reads before the deny, in one parallel round', value: `${deny}` },
      {
        bench: 'calls',
        what: 'reads of a verify round',
        value: `${(looks.length / rounds).toFixed(1)}`,
        limit: '4',
        within: looks.length / rounds <= 4,
      },
    ];
  } finally {
    await aws.stop();
  }
};

async function makeUser(operator: IAMClient): Promise<Extract<Subject, { kind: 'user' }>> {
  const userName = 'bench-user';
  const { User } = await operator.send(new CreateUserCommand({ UserName: userName }));
  for (let key = 0; key < 2; key += 1) await operator.send(new CreateAccessKeyCommand({ UserName: userName }));
  for (const name of ['AdministratorAccess', 'ReadOnlyAccess']) {
    const PolicyArn = `arn:aws:iam::aws:policy/${name}`;
    await operator.send(new AttachUserPolicyCommand({ UserName: userName, PolicyArn }));
  }
  const arn = User?.Arn ?? '';
  const userId = User?.UserId ?? '';
  return { kind: 'user', key: `user:${userId}`, account: arn.split(':')[4] ?? '', userId, userName, arn };
}
