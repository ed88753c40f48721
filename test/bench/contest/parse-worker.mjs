import { parentPort } from 'node:worker_threads';
import { parseFile } from './parse-file.mjs';

// One thread of the floor: is handed files, says how many records each held.
parentPort?.on('message', (file) => parentPort?.postMessage(parseFile(file)));
