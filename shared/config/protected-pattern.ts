import { isUserId, personKey } from '../identity-center/user-id.ts';

const USER_OR_ROLE = /^arn:(aws[a-z-]*|\*):iam::(\d{12}|\*):(user|role)\/[\w+=,.@/*-]+$/;
const ROOT = /^arn:(aws[a-z-]*|\*):iam::(\d{12}|\*):root$/;
const PERSON = /^idc:(.*)$/;

/** What is wrong with an entry of `protected`, with the entry that was probably meant; or nothing. */
export function protectedPatternProblem(entry: unknown): string | undefined {
  if (typeof entry !== 'string') return 'is not text: write an ARN such as arn:aws:iam::*:role/BreakGlass*';
  if (USER_OR_ROLE.test(entry) || ROOT.test(entry)) return undefined;
  const [, person] = PERSON.exec(entry) ?? [];
  if (person !== undefined && isUserId(person)) return undefined;
  const shown = JSON.stringify(entry.slice(0, 200));
  if (person !== undefined || entry.startsWith('idc-name:')) {
    return `${shown} names nobody for good, for a name may be given to somebody else: write idc: and the user's id, which "aws identitystore list-users" tells`;
  }
  const session = /^(arn:[^:]*):sts::([^:]*):assumed-role\/([^/]+)(\/|$)/.exec(entry);
  if (session) return `${shown} is a session: protect its role, ${session[1]}:iam::${session[2]}:role/${session[3]}`;
  if (/^arn:[^:]*:iam::[^:]*:group\//.test(entry)) return `${shown} is a group: name its users`;
  return ofIdentityCenter(entry, shown) ?? otherProblem(entry, shown);
}

function ofIdentityCenter(entry: string, shown: string): string | undefined {
  const [, kind, id = ''] = /^arn:[^:]*:identitystore:[^:]*:[^:]*:(user|group)\/(.+)$/.exec(entry) ?? [];
  if (kind === 'user' && isUserId(id)) return `${shown} is a user of Identity Center: write ${personKey(id)}`;
  if (kind === 'group') return `${shown} is a group of Identity Center: name its users, each as idc: and the user's id`;
  return /^arn:[^:]*:sso:[^:]*:[^:]*:permissionSet\//.test(entry)
    ? `${shown} is a permission set: protect the role that it becomes, arn:aws:iam::*:role/aws-reserved/*AWSReservedSSO_NAME_* with the name of the set`
    : undefined;
}

function otherProblem(entry: string, shown: string): string {
  if (/^[\w+=,.@*-]+$/.test(entry)) {
    return `${shown} is not an ARN: write arn:aws:iam::*:role/${entry} or arn:aws:iam::*:user/${entry}`;
  }
  if (/^(resource:)?arn:/.test(entry) && !/^arn:[^:]*:(iam|sts):/.test(entry)) {
    return `${shown} is a resource, and none can be protected: protected says who is never touched. What a rule finds about it is left alone where the rule answers in mode observe`;
  }
  return `${shown} is not the ARN of an IAM user or role: write e.g. arn:aws:iam::123456789012:user/Alice, or idc: and the id of a user of Identity Center`;
}
