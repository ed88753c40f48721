import { hash } from 'node:crypto';
import { EVIDENCE_PREFIX, type EvidenceObject } from '../../shared/evidence/evidence.ts';
import { printable } from '../../shared/page/printable.ts';
import type { Connection } from '../stack/connect.ts';
import { CommandProblem } from '../stack/problem.ts';
import { signingClient } from '../stack/signing-client.ts';
import { LINK_SECONDS } from './render-evidence.ts';

/**
 * A link to exactly the version that the case names, signed with the caller's own credentials: who may not read it gets a
 * link that leads nowhere. It is kept nowhere.
 */
export async function evidenceLink(connection: Connection, { key, versionId }: EvidenceObject): Promise<string> {
  if (!WRITTEN.test(key)) {
    throw new CommandProblem(
      `The case names ${JSON.stringify(printable(key))} as its evidence, which Rescind never writes: somebody changed the case, so nothing is fetched.`,
    );
  }
  const client = await signingClient(connection, 's3');
  const url = new URL(key, bucketUrl(connection));
  url.searchParams.set('versionId', versionId);
  url.searchParams.set('X-Amz-Expires', String(LINK_SECONDS));
  return (await client.sign(url.toString(), { aws: { signQuery: true } })).url;
}

/** Whoever can write the table of the cases could name another host, or a file that is read by more than people. */
const WRITTEN = new RegExp(`^${EVIDENCE_PREFIX}[\\w-]+/\\w+\\.(?:jsonl|html)$`);

/** An emulator cannot own a host name for each bucket. */
function bucketUrl({ config, region, output }: Connection): string {
  const bucket = output('EvidenceBucket');
  if (config.endpoint !== undefined) return `${config.endpoint}/${bucket}/`;
  return `https://${bucket}.s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/`;
}

/** The evidence as the bucket gives it, and whether it is what the case says was written. */
export async function fetchEvidence(
  connection: Connection,
  object: EvidenceObject,
): Promise<{ readonly bytes: Uint8Array; readonly isAsWritten: boolean }> {
  const response = await fetch(await evidenceLink(connection, object));
  if (!response.ok) {
    const text = (await response.text()).slice(0, 300);
    throw new CommandProblem(
      `The bucket answered ${response.status} for ${object.key}: ${text}. Reading evidence needs s3:GetObjectVersion on it and kms:Decrypt on its key.`,
    );
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { bytes, isAsWritten: hash('sha256', bytes) === object.sha256 };
}
