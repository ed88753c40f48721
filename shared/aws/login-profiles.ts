import { randomBytes } from 'node:crypto';
import { GetLoginProfileCommand, type IAMClient, UpdateLoginProfileCommand } from '@aws-sdk/client-iam';
import { parameter } from '../containment/call.ts';
import { resourceName } from '../containment/resource.ts';
import type { Clock } from '../ports/clock.ts';
import type { Resources } from '../ports/resources.ts';
import { callResultOf } from './iam-errors.ts';
import { createRetry } from './iam-retry.ts';
import { orMissing, read } from './told-read.ts';

const BUDGET_MS = 10_000;

/** Console passwords of users. Make the client with `maxAttempts: 1`. Only for who acts with credentials of their own. */
export function createLoginProfiles(
  client: IAMClient,
  options: { readonly clock: Clock; readonly random: () => number },
): Resources {
  const retry = createRetry({ budgetMilliseconds: BUDGET_MS, ...options });
  return {
    read: (of) =>
      read('GetLoginProfile', async () => {
        const UserName = resourceName(of);
        const answer = await orMissing(retry(() => client.send(new GetLoginProfileCommand({ UserName }))));
        if (answer === undefined) return undefined;
        const resetRequired = answer.LoginProfile?.PasswordResetRequired;
        if (resetRequired === undefined) throw new SaysNothing();
        return { kind: 'login-profile', resetRequired };
      }),
    async execute(call) {
      if (call.operation !== 'UpdateLoginProfile') throw new TypeError(`${call.operation} is not sent here`);
      const UserName = parameter(call, 'UserName');
      const Password = passwordOfNobody();
      try {
        await retry(() =>
          client.send(new UpdateLoginProfileCommand({ UserName, Password, PasswordResetRequired: true })),
        );
        return { kind: 'done' };
      } catch (error) {
        const result = callResultOf(error);
        // IAM repeats a value that it does not take, and what it says goes into the ledger.
        return result.kind === 'done'
          ? result
          : { ...result, detail: result.detail.replaceAll(Password, '[password]') };
      }
    },
  };
}

/** An endpoint that leaves it out cannot show whether the reset stands. */
class SaysNothing extends Error {
  override readonly name = 'NotImplemented';
  constructor() {
    super('the answer does not say whether the password must be changed');
  }
}

/**
 * 384 random bits, and one of each class that a password policy can ask for
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html); at most 128 are allowed.
 */
function passwordOfNobody(): string {
  return `${randomBytes(48).toString('base64url')}Aa1!`;
}
