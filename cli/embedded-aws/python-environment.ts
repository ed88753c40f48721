import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedAwsError } from './embedded-aws-error.ts';
import type { Python } from './find-python.ts';
import { whyInstallFailed } from './install-problem.ts';
import { runProgram } from './run-program.ts';

const requirementsFile = fileURLToPath(new URL('./requirements.txt', import.meta.url));
const abandonedAfterMs = 60 * 60 * 1000;

/**
 * The Python interpreter of a virtual environment that holds exactly the pinned requirements; made on first use.
 *
 * It is built under a name of its own and renamed when complete, so a half-made one is never used, and of two
 * processes that build at once the second to finish throws its copy away. The folder's name carries everything that
 * makes it unfit for reuse: requirements, Python, platform (a checkout may be mounted in a container).
 */
export async function pythonEnvironment(
  python: Python,
  folder: string,
  onProgress: (text: string) => void,
): Promise<string> {
  const requirements = await readFile(requirementsFile);
  const fingerprint = createHash('sha256').update(requirements).update(python.executable).digest('hex').slice(0, 12);
  const parent = join(folder, 'python');
  const home = join(parent, `${python.version}-${process.platform}-${process.arch}-${fingerprint}`);
  const interpreter = join(home, 'bin', 'python');
  if (await exists(interpreter)) return interpreter;

  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  // Its interpreter is a link to a Python that has gone since (an upgrade, say): not reusable, and in the way.
  await rm(home, { recursive: true, force: true });

  const building = `${home}.${process.pid}-${Date.now()}.building`;
  try {
    onProgress(`Creating a Python ${python.version} environment for the embedded AWS (once)`);
    await createVenv(python, building);
    onProgress('Installing MiniStack into it (once, about 5 MB from PyPI)');
    await install(join(building, 'bin', 'python'));
    await moveIntoPlace(building, home);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return interpreter;
}

async function createVenv(python: Python, home: string): Promise<void> {
  const result = await runProgram(python.executable, ['-I', '-m', 'venv', home]);
  if (result.kind === 'ran' && result.code === 0) return;
  const detail = result.kind === 'ran' ? lastLine(result.stderr || result.stdout) : result.kind;
  throw new EmbeddedAwsError(
    `Python ${python.version} could not create a virtual environment (${detail})`,
    'make sure that its venv module is installed and the disk is not full, and run the command again',
  );
}

/**
 * Only what requirements.txt names (`--no-deps`), only with its hash, and only ready-made wheels: a source package
 * would run its own build code and fetch build tools that no hash covers.
 */
async function install(interpreter: string): Promise<void> {
  const flags = ['--require-hashes', '--no-deps', '--only-binary=:all:', '--no-input', '--disable-pip-version-check'];
  const args = ['-I', '-m', 'pip', 'install', '--quiet', '--retries=2', ...flags, '--requirement', requirementsFile];
  const result = await runProgram(interpreter, args);
  if (result.kind === 'ran' && result.code === 0) return;
  throw whyInstallFailed(result.kind === 'ran' ? result.stderr : result.kind);
}

async function moveIntoPlace(building: string, home: string): Promise<void> {
  try {
    await rename(building, home);
  } catch (error) {
    // Another process was faster, and its copy is as good as ours.
    if (!(await exists(join(home, 'bin', 'python')))) throw error;
  }
}

/** Leftovers of a process that was killed while it built. An hour is longer than any install that still runs. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.endsWith('.building')) continue;
    const path = join(parent, name);
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > abandonedAfterMs) await rm(path, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
