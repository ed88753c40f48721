const USER_OR_ROLE = /^arn:(aws[a-z-]*|\*):iam::(\d{12}|\*):(user|role)\/[\w+=,.@/*-]+$/;
const ROOT = /^arn:(aws[a-z-]*|\*):iam::(\d{12}|\*):root$/;

/** What is wrong with an entry of `protected`, with the entry that was probably meant; or nothing. */
export function protectedPatternProblem(entry: unknown): string | undefined {
  if (typeof entry !== 'string') return 'is not text: write an ARN such as arn:aws:iam::*:role/BreakGlass*';
  if (USER_OR_ROLE.test(entry) || ROOT.test(entry)) return undefined;
  const shown = JSON.stringify(entry.slice(0, 200));
  const session = /^(arn:[^:]*):sts::([^:]*):assumed-role\/([^/]+)(\/|$)/.exec(entry);
  if (session) return `${shown} is a session: protect its role, ${session[1]}:iam::${session[2]}:role/${session[3]}`;
  if (/^arn:[^:]*:iam::[^:]*:group\//.test(entry)) return `${shown} is a group: name its users`;
  if (/^[\w+=,.@*-]+$/.test(entry)) {
    return `${shown} is not an ARN: write arn:aws:iam::*:role/${entry} or arn:aws:iam::*:user/${entry}`;
  }
  return `${shown} is not the ARN of an IAM user or role: write e.g. arn:aws:iam::123456789012:user/Alice`;
}
