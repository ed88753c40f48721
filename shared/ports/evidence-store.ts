import type { Evidence } from '../evidence/evidence.ts';

/** Where evidence is written to. */
export type EvidenceStore = {
  /** A new version of the object; its version id. The bytes are refused where they are not those of the digest. */
  put(object: { readonly key: string; readonly sha256: string; readonly body: Uint8Array }): Promise<string>;
  /** Into the case: the last one written wins, and a failure never takes the place of evidence that was kept. */
  note(caseId: string, evidence: Evidence): Promise<void>;
};
