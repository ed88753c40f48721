import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { RuleFile } from '../../shared/rules/compile/compile-rule-files.ts';
import { PathProblem } from '../terminal/path-problem.ts';

/** The YAML files under the given files and folders, sorted by path, so that every run sees the same order. */
export function readRuleFolders(paths: readonly string[]): RuleFile[] {
  return paths.flatMap((path) => {
    const files = yamlFiles(path);
    if (files.length === 0) throw new PathProblem(`${path} holds no rule: a rule is a .yml or .yaml file`);
    return files.map((file) => ({ file: shownPath(file), text: read(file) }));
  });
}

/** Relative to where the command runs, as the other paths of a project are; what lies outside keeps the path it was given. */
function shownPath(file: string): string {
  const inside = relative('.', file);
  return (inside.startsWith('..') ? file : inside).split(sep).join('/');
}

function yamlFiles(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .map((entry) => ({ entry, file: join(entry.parentPath, entry.name) }))
      .filter(({ entry, file }) => (entry.isSymbolicLink() ? isLinkedFile(file) : entry.isFile()))
      .map(({ file }) => file)
      .filter((file) => /\.ya?ml$/i.test(file))
      .sort();
  } catch (error) {
    if (error instanceof PathProblem) throw error;
    throw new PathProblem(`cannot read ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

/** A folder that is not looked into must not pass for one that holds no rules. */
function isLinkedFile(link: string): boolean {
  const target = statSync(link);
  if (target.isDirectory()) throw new PathProblem(`${link} is a link to a folder: name the folder itself`);
  return target.isFile();
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new PathProblem(`cannot read ${file}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && error.code === 'ENOENT' ? 'there is no such file or folder' : error.message;
}
