import type { IamWrites } from '../ports/iam.ts';
import type { Resources } from '../ports/resources.ts';
import type { Call, CallResult } from './call.ts';

/** Whoever changes something. `resources`: only where what a plan changes may lie beyond IAM. */
export type CallSender = { readonly iam: IamWrites; readonly resources?: Pick<Resources, 'execute'> };

/** Sends the call to its service. */
export function sendCall({ iam, resources }: CallSender, call: Call): Promise<CallResult> {
  if (call.service === 'iam') return iam.execute(call);
  if (resources === undefined) throw new TypeError(`${call.operation} is sent by revert and by restore only`);
  return resources.execute(call);
}
