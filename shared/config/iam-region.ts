/**
 * Where calls of IAM are told, whatever the region of the caller.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
export const IAM_REGION = 'us-east-1';

/** Where calls of somebody are told: there, here, and in whatever region the policy names. */
export function trailRegions(here: string, named: readonly string[] = []): readonly string[] {
  return [...new Set([IAM_REGION, here, ...named])];
}
