// A worker begins as plain JavaScript: what lets Node read TypeScript has to be registered in each thread.
import { register } from 'tsx/esm/api';

register();
await import('./scan-worker.ts');
