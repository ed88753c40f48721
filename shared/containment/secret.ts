import { hash } from 'node:crypto';
import { parseArn } from '../access/arn.ts';
import type { Touched } from '../cases/case.ts';
import { type ResourceRef, resourceKindOf } from './resource.ts';

/** Versions by the labels that Secrets Manager puts on them (https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html). */
export type SecretState = {
  readonly kind: 'secret';
  /** In full, with the six characters that a record often lacks. */
  readonly arn: string;
  /** Rotation is set up. */
  readonly rotates: boolean;
  /** Another service made it and rotates it: one password, one user. */
  readonly managed: boolean;
  readonly current: string | null;
  readonly previous: string | null;
  /** A version is on its way, or a rotation failed and left it: until it is gone no other begins. */
  readonly pending: boolean;
  /** When Secrets Manager last rotated it, ISO 8601: a value that somebody puts does not move it. */
  readonly rotatedAt: string | null;
};

/** The secrets whose value a detected call was given, as far as their ARNs can be asked for. */
export function readSecrets({ resources }: Touched): readonly ResourceRef[] {
  return resources.flatMap(({ arn, wasRead }) => {
    const { account = '', region = '' } = parseArn(arn) ?? {};
    return wasRead === true && resourceKindOf(arn) === 'secret' ? [{ account, region, arn }] : [];
  });
}

/**
 * Names the version that replaces another, and with it the request: whoever asks again, after a lost answer or from another
 * case, asks for the same rotation. 32 to 64 characters.
 */
export function rotationToken(arn: string, replaced: string): string {
  return hash('sha256', `${arn} ${replaced}`);
}

/** What Secrets Manager takes as the id: a partial ARN must not end in a hyphen and six characters. */
export function secretId({ arn }: Pick<ResourceRef, 'arn'>): string {
  return arn.replace(/-\?{6}$/, '');
}
