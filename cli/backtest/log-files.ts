import { readdirSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { PathProblem } from '../terminal/path-problem.ts';

export type LogFile = { readonly path: string; readonly bytes: number };

const LOG_NAME = /\.(?:json|jsonl|ndjson)(?:\.gz)?$/i;

/** Files given by name are taken whatever they are called; of a folder, those that CloudTrail or an export would write. */
export function findLogFiles(paths: readonly string[]): LogFile[] {
  return paths.flatMap((path) => {
    const files = filesUnder(path);
    if (files.length === 0) {
      throw new PathProblem(
        `${path || 'the path'} holds no CloudTrail logs: they end in .json, .json.gz, .jsonl or .ndjson`,
      );
    }
    return files;
  });
}

function filesUnder(path: string): LogFile[] {
  try {
    const stats = statSync(path);
    if (!stats.isDirectory()) {
      if (stats.size === 0) throw new PathProblem(`${path} is empty`);
      return [{ path, bytes: stats.size }];
    }
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && LOG_NAME.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .flatMap((file) => {
        // A link that leads nowhere is read too: its file is then counted as one that cannot be.
        const stats = statSync(file, { throwIfNoEntry: false });
        return stats?.isDirectory() === true ? [] : [{ path: file.split(sep).join('/'), bytes: stats?.size ?? 0 }];
      });
  } catch (error) {
    if (error instanceof PathProblem) throw error;
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const reason = missing ? 'there is no such file or folder' : error instanceof Error ? error.message : String(error);
    throw new PathProblem(`cannot read ${path || 'an empty path'}: ${reason}`, { cause: error });
  }
}
