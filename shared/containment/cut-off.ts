/** Now plus the margin, rounded up to the whole seconds that `aws:TokenIssueTime` is compared in: ISO 8601, UTC. */
export function cutOffAfter(now: Date, marginSeconds: number): string {
  const seconds = Math.ceil(now.getTime() / 1000 + marginSeconds);
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
