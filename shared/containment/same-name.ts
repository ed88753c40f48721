/**
 * Whether two names are of the same user or role: IAM takes a name in any case of its letters, and a record has it as it was
 * written. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
