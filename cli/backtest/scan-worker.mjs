import { workerData } from 'node:worker_threads';

// The thread's program comes with its orders, so that nothing has to teach this thread TypeScript.
await import(`data:text/javascript;base64,${Buffer.from(workerData.program).toString('base64')}`);
