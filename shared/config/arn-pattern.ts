/** What is wrong with a pattern of principals, with what was probably meant; or nothing. */
export function principalPatternProblem(entry: unknown): string | undefined {
  if (typeof entry !== 'string') return 'is not text: write an ARN such as arn:aws:iam::*:role/Operations*';
  if (/^arn:[^:]+:iam::[^:]*:(?:(?:user|role)\/.+|root)$/.test(entry)) return undefined;
  if (/^arn:[^:]+:sts::[^:]*:assumed-role\/[^/]+\/.+$/.test(entry)) return undefined;
  const shown = JSON.stringify(entry.slice(0, 200));
  if (/^[\w+=,.@*-]+$/.test(entry)) {
    return `${shown} is not an ARN: write arn:aws:iam::*:role/${entry}, arn:aws:iam::*:user/${entry} or, for a session, arn:aws:sts::*:assumed-role/*/${entry}`;
  }
  return `${shown} is not the ARN of a user, a role or a session: write e.g. arn:aws:iam::*:role/Operations* or arn:aws:sts::*:assumed-role/Operations/anna`;
}

/** The same for a pattern of resources. */
export function resourcePatternProblem(entry: unknown): string | undefined {
  const example = 'arn:aws:secretsmanager:*:*:secret:finance/*';
  if (typeof entry !== 'string') return `is not text: write an ARN such as ${example}`;
  const shown = JSON.stringify(entry.slice(0, 200));
  const [, service] = /^arn:[^:]+:([^:]+):[^:]*:[^:]*:.+$/.exec(entry) ?? [];
  if (service === undefined) {
    return `${shown} is not an ARN: write e.g. ${example} or arn:aws:s3:::finance-*, in which * spans any characters`;
  }
  return undefined;
}
