import { isJsonObject } from '../../../shared/json.ts';
import type { createSecretsManager } from '../../staging/secrets-manager.ts';

/** The versions of a secret that bear a label, as Secrets Manager itself tells them, and their labels. */
export async function secretVersions(
  secrets: ReturnType<typeof createSecretsManager>,
  SecretId: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { output } = await secrets('DescribeSecret', { SecretId });
  const { VersionIdsToStages: versions } = output;
  if (!isJsonObject(versions)) throw new Error(`Secrets Manager tells no versions of ${SecretId}.`);
  return new Map(
    Object.entries(versions).map(([version, labels]) => [version, Array.isArray(labels) ? labels.map(String) : []]),
  );
}

/** The one whose value is handed out. */
export function currentVersion(versions: ReadonlyMap<string, readonly string[]>): string | undefined {
  return [...versions].find(([, labels]) => labels.includes('AWSCURRENT'))?.[0];
}
