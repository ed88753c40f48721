/** What the case keeps of its evidence; the evidence itself lies in the bucket. */
export type Evidence =
  | {
      readonly kind: 'kept';
      /** When it was written. The last one written is the one that counts. */
      readonly at: string;
      /** Of what time it tells. */
      readonly from: string;
      readonly to: string;
      readonly events: number;
      readonly sources: readonly Source[];
      /** One JSON object a line: a header, then the events, the oldest first. */
      readonly log: EvidenceObject;
      /** The same for a person to read. */
      readonly page: EvidenceObject;
    }
  /** Nothing was kept, and why. It is tried again; whoever looks at the case sees which holds. */
  | { readonly kind: 'failed'; readonly at: string; readonly reason: string };

export type EvidenceObject = {
  readonly key: string;
  /** Of the bucket: a later version of the same key is other evidence. */
  readonly versionId: string;
  /** SHA-256 in hex of exactly these bytes, made before they were sent. */
  readonly sha256: string;
  readonly bytes: number;
};

/** Where events were looked for, how many it had, and what it cannot or did not tell. */
export type Source = {
  readonly name: SourceName;
  readonly events: number;
  readonly lacks: readonly string[];
};

export type SourceName = 'access record' | 'CloudTrail';

/** Of the bucket, a folder a case. The only place that Rescind writes evidence to. */
export const EVIDENCE_PREFIX = 'cases/';

export function evidenceKey(caseId: string, file: 'activity.jsonl' | 'activity.html'): string {
  return `${EVIDENCE_PREFIX}${caseId}/${file}`;
}
