import { fileURLToPath } from 'node:url';

/** The git-ignored folder of this checkout that holds what can be made again: the Python environment, logs, local state. */
export const projectFolder = fileURLToPath(new URL('../../.rescind', import.meta.url));
