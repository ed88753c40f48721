/** A rule file with the given detection (already indented by two spaces) and, if wanted, more top-level text. */
export function ruleText(detection: string, more = ''): string {
  return `title: A rule
id: 00000000-0000-4000-8000-000000000001
logsource:
  product: aws
  service: cloudtrail
detection:
${detection}
level: high
${more}`;
}
