import { afterEach, expect, it, vi } from 'vitest';
import { launch } from '../../../cli/embedded-aws/launch.ts';
import { fakeProgram, temporaryFolder } from './fake-programs.ts';

afterEach(() => vi.unstubAllEnvs());

it('says in one sentence why MiniStack died while it started, and where its log is', async () => {
  const folder = await temporaryFolder();
  const python = await fakeProgram(
    folder,
    'fake-python',
    `
if [ "$2" = "-c" ]; then
  echo '{"executable": "'"$0"'", "version": [3, 12, 0], "venv": true}'
else
  for home; do :; done
  mkdir -p "$home/bin"
  printf '%s\\n' '#!/bin/sh' '[ "$3" = pip ] && exit 0' 'echo "ImportError: it is broken" >&2; exit 1' > "$home/bin/python"
  chmod +x "$home/bin/python"
fi`,
  );
  vi.stubEnv('RESCIND_PYTHON', python);
  const died = expect.stringMatching(
    /^The embedded AWS died while it started \(ImportError: it is broken\): read \/.*\/logs\/embedded-aws-.*\.log, and delete/,
  );
  await expect(launch({ folder })).rejects.toMatchObject({ name: 'EmbeddedAwsError', message: died });
});
