import { z } from 'zod';
import { EmbeddedAwsError } from './embedded-aws-error.ts';
import { runProgram } from './run-program.ts';

const minimum = { major: 3, minor: 10 };

// `python3` first, because it is the one that people keep current; the numbered ones are for machines whose default
// is older than 3.10 (RHEL 8 and 9, for example).
const candidates = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

const question = `
import importlib.util, json, sys
print(json.dumps({
    "executable": sys.executable,
    "version": list(sys.version_info[:3]),
    "venv": all(importlib.util.find_spec(name) is not None for name in ("venv", "ensurepip")),
}))`;

const answerSchema = z.object({
  executable: z.string().min(1),
  version: z.tuple([z.int(), z.int(), z.int()]),
  venv: z.boolean(),
});

export type Python = { executable: string; version: string };

/**
 * The first Python on the path that can hold MiniStack (3.10 or newer, with the venv module).
 * `RESCIND_PYTHON` names one explicitly, and then no other is tried.
 */
export async function findPython(env: NodeJS.ProcessEnv = process.env): Promise<Python> {
  const named = env.RESCIND_PYTHON;
  const tooOld: string[] = [];
  const withoutVenv: Python[] = [];
  for (const candidate of named ? [named] : candidates) {
    const python = await ask(candidate, env);
    if (python === undefined) continue;
    const [major, minor] = python.version;
    const found = { executable: python.executable, version: python.version.join('.') };
    if (major < minimum.major || (major === minimum.major && minor < minimum.minor)) tooOld.push(found.version);
    else if (!python.venv) withoutVenv.push(found);
    else return found;
  }
  throw noPython(named, tooOld, withoutVenv[0]);
}

/** Undefined when there is no such program or it is no working Python: a pyenv shim for a version that is not installed, say. */
async function ask(candidate: string, env: NodeJS.ProcessEnv) {
  const result = await runProgram(candidate, ['-I', '-c', question], { env, timeout: 15_000 });
  if (result.kind !== 'ran' || result.code !== 0) return undefined;
  let answer: unknown;
  try {
    answer = JSON.parse(result.stdout);
  } catch {
    return undefined; // Something on the path is called python and is not Python.
  }
  const parsed = answerSchema.safeParse(answer);
  return parsed.success ? parsed.data : undefined;
}

function noPython(named: string | undefined, tooOld: readonly string[], withoutVenv: Python | undefined) {
  if (withoutVenv !== undefined) {
    const [major, minor] = withoutVenv.version.split('.');
    return new EmbeddedAwsError(
      `Python ${withoutVenv.version} (${withoutVenv.executable}) lacks the venv module`,
      `install it (Debian and Ubuntu: sudo apt install python${major}.${minor}-venv) and run the command again`,
    );
  }
  const where = named ? `RESCIND_PYTHON (${named}) is not a Python` : 'The embedded AWS needs Python';
  const seen = tooOld.length > 0 ? `found only ${[...new Set(tooOld)].join(', ')}` : 'none was found on the PATH';
  return new EmbeddedAwsError(
    named ? `${where} 3.10 or newer` : `${where} 3.10 or newer and ${seen}`,
    'install one from your package manager or https://www.python.org/downloads/ and run the command again',
  );
}
