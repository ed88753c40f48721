import { sameDocument } from '../containment/same-document.ts';
import type { Read } from '../containment/snapshot.ts';
import type { IamReads } from '../ports/iam.ts';
import type { Check } from './deed.ts';
import type { ResidueState } from './residue.ts';

/** Whether a thing is still there, by a fresh read. Throws what a read of a principal throws. */
export async function liveState(iam: IamReads, check: Check): Promise<ResidueState> {
  switch (check.kind) {
    case 'user': {
      const user = await iam.getUser(check.name);
      return user === undefined || (check.id !== undefined && user.userId !== check.id) ? 'gone' : 'live';
    }
    case 'role': {
      const role = await iam.getRole(check.name);
      return role === undefined || (check.id !== undefined && role.roleId !== check.id) ? 'gone' : 'live';
    }
    case 'key':
      return stateIn(await iam.accessKeys(check.user), (keys) => {
        const status = keys.find(({ id }) => id === check.id)?.status;
        return status === undefined ? 'gone' : status === 'Active' ? 'live' : 'ended';
      });
    case 'attached': {
      const { to, name, policyArn } = check;
      const read = await (to === 'user' ? iam.attachedUserPolicies(name) : iam.attachedRolePolicies(name));
      return stateIn(read, (attached) => (attached.some(({ arn }) => arn === policyArn) ? 'live' : 'gone'));
    }
    case 'inline': {
      const { to, name, policy } = check;
      const read = await (to === 'user' ? iam.userPolicy(name, policy) : iam.rolePolicy(name, policy));
      return stateIn(read, (document) => (document === undefined ? 'gone' : 'live'));
    }
    case 'trust': {
      const role = await iam.getRole(check.role);
      return role !== undefined && sameDocument(role.trust, check.document) ? 'live' : 'gone';
    }
    case 'none':
      return 'unknown';
  }
}

function stateIn<T>(read: Read<T>, judge: (value: T) => ResidueState): ResidueState {
  if (read.kind === 'read') return judge(read.value);
  // Of somebody who is not there nothing is left.
  return read.kind === 'failed' && read.error.startsWith('NoSuchEntity') ? 'gone' : 'unknown';
}
