import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Evidence } from '../../shared/evidence/evidence.ts';
import type { Connection } from '../stack/connect.ts';
import { fetchEvidence } from './evidence-links.ts';
import { evidenceLines } from './render-evidence.ts';

export type CheckedFile = { readonly file: string; readonly sha256: string; readonly isAsWritten: boolean };

/** Fetches the evidence of a case, compares it with what the case says was written, and keeps it in `folder` if one is given. */
export async function checkEvidence(
  connection: Connection,
  evidence: Evidence | undefined,
  folder: string | undefined,
): Promise<{ readonly lines: readonly string[]; readonly files: readonly CheckedFile[]; readonly isSound: boolean }> {
  if (evidence?.kind !== 'kept') return { lines: evidenceLines(evidence), files: [], isSound: false };
  const files: CheckedFile[] = [];
  for (const object of [evidence.log, evidence.page]) {
    const { bytes, isAsWritten } = await fetchEvidence(connection, object);
    const file = folder === undefined ? basename(object.key) : join(folder, basename(object.key));
    if (folder !== undefined) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, bytes);
    }
    files.push({ file, sha256: object.sha256, isAsWritten });
  }
  const checked = files.map(({ file, isAsWritten }) =>
    isAsWritten ? `  as written    ${file}` : `  NOT AS WRITTEN ${file}: somebody changed it, or the case`,
  );
  const isSound = files.every(({ isAsWritten }) => isAsWritten);
  return { lines: [...evidenceLines(evidence), 'Checked by SHA-256', ...checked], files, isSound };
}
