import type { Clock } from '../../shared/ports/clock.ts';
import { createIamAccount, type IamAccount } from './iam-account.ts';

/** Longer ago than this nothing is asked for. */
const KEPT_MS = 60_000;

/**
 * The account as it was: IAM tells, and enforces, what was written some seconds ago. `note` after each write keeps what
 * stands from then on.
 */
export function createPastViews(account: IamAccount, clock: Pick<Clock, 'now'>) {
  const views: { readonly at: number; readonly view: IamAccount }[] = [{ at: 0, view: copyOf(account) }];
  return {
    note(): void {
      const at = clock.now().getTime();
      views.push({ at, view: copyOf(account) });
      while ((views[1]?.at ?? at) < at - KEPT_MS) views.shift();
    },
    /** Reads only: what is done to it is done to nobody. */
    asOf(milliseconds: number): IamAccount['operations'] {
      const at = clock.now().getTime() - milliseconds;
      return (views.findLast((one) => one.at <= at) ?? views[0])?.view.operations ?? account.operations;
    },
  };
}

function copyOf({ users, roles, policies }: IamAccount): IamAccount {
  const copy = createIamAccount();
  for (const [name, user] of users) copy.users.set(name, structuredClone(user));
  for (const [name, role] of roles) copy.roles.set(name, structuredClone(role));
  for (const [arn, document] of policies) copy.policies.set(arn, document);
  return copy;
}
