import { describe, expect, it } from 'vitest';
import { findPython } from '../../../cli/embedded-aws/find-python.ts';
import { fakeProgram, temporaryFolder } from './fake-programs.ts';

type Fakes = Readonly<Record<string, string>>;

const python = (executable: string, version: readonly number[], venv = true) =>
  `echo '${JSON.stringify({ executable, version, venv })}'`;

const found: readonly { name: string; fakes: Fakes; expected: { executable: string; version: string } }[] = [
  {
    name: 'takes python3 when it is new enough',
    fakes: { python3: python('/a', [3, 10, 0]), 'python3.13': python('/b', [3, 13, 1]) },
    expected: { executable: '/a', version: '3.10.0' },
  },
  {
    name: 'takes a numbered one when python3 is too old',
    fakes: { python3: python('/a', [3, 9, 18]), 'python3.12': python('/b', [3, 12, 1]) },
    expected: { executable: '/b', version: '3.12.1' },
  },
  {
    name: 'takes one with the venv module before an earlier one without it',
    fakes: { python3: python('/a', [3, 11, 2], false), 'python3.11': python('/b', [3, 11, 7]) },
    expected: { executable: '/b', version: '3.11.7' },
  },
  {
    name: 'passes over a shim that fails and a program that is no Python',
    fakes: { python3: 'exit 127', python: 'echo hello', 'python3.14': python('/b', [3, 14, 0]) },
    expected: { executable: '/b', version: '3.14.0' },
  },
];

const missing: readonly { name: string; fakes: Fakes; message: string }[] = [
  {
    name: 'there is none',
    fakes: {},
    message:
      'The embedded AWS needs Python 3.10 or newer and none was found on the PATH: install one from your package manager or https://www.python.org/downloads/ and run the command again.',
  },
  {
    name: 'all are too old',
    fakes: { python3: python('/a', [3, 9, 18]), python: python('/b', [2, 7, 18]) },
    message:
      'The embedded AWS needs Python 3.10 or newer and found only 3.9.18, 2.7.18: install one from your package manager or https://www.python.org/downloads/ and run the command again.',
  },
  {
    name: 'the only one lacks the venv module',
    fakes: { python3: python('/usr/bin/python3', [3, 11, 2], false) },
    message:
      'Python 3.11.2 (/usr/bin/python3) lacks the venv module: install it (Debian and Ubuntu: sudo apt install python3.11-venv) and run the command again.',
  },
];

describe('findPython', () => {
  it.each(found)('$name', async ({ fakes, expected }) => {
    expect(await findPython({ PATH: await pathOf(fakes) })).toEqual(expected);
  });

  it.each(missing)('says what to do when $name', async ({ fakes, message }) => {
    await expect(findPython({ PATH: await pathOf(fakes) })).rejects.toMatchObject({
      name: 'EmbeddedAwsError',
      message,
    });
  });

  it('tries no other when RESCIND_PYTHON names one', async () => {
    const PATH = await pathOf({ python3: python('/a', [3, 12, 0]), mine: python('/mine', [3, 9, 0]) });
    await expect(findPython({ PATH, RESCIND_PYTHON: 'mine' })).rejects.toThrow(/RESCIND_PYTHON \(mine\)/);
  });
});

/** A PATH with nothing but the fakes; their `#!/bin/sh` and echo need none. */
async function pathOf(fakes: Fakes): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, script] of Object.entries(fakes)) await fakeProgram(folder, name, script);
  return folder;
}
