#!/usr/bin/env node
import { register } from 'tsx/esm/api';

// Node 20 is supported here; without this the AWS SDK prints a paragraph about it from every command.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
register();
await import('./main.ts');
