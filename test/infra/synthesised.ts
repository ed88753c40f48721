import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { HANDLERS, writeFiles } from './stub-handlers.ts';

/** A folder of its own for a test, gone after it (or after the file, when called outside a test). */
export function folder(files: Readonly<Record<string, string>> = {}, remove = onTestFinished): string {
  const path = mkdtempSync(join(tmpdir(), 'rescind-infra-'));
  remove(() => rmSync(path, { recursive: true, force: true }));
  writeFiles(path, files);
  return path;
}

export const POLICY = `version: 1
home-region: us-east-1
mode: enforce
protected:
  - arn:aws:iam::*:role/BreakGlass*
  - arn:*:iam::222233334444:user/Emergency
timing:
  settle: 30 s
approval:
  timeout: 2 h
rules:
  - rules
alerts:
  page:
    - { protocol: https, endpoint: "https://events.example.com/rescind" }
    - { protocol: sms, endpoint: "+41791234567" }
  information:
    - { protocol: email, endpoint: security@example.com }
tickets:
  topic: [{ protocol: https, endpoint: "https://bridge.example.com/" }]
`;

export const RULE = `title: Administrator policy attached
id: 6f2c1f5e-1111-4222-8333-444455556666
logsource: { product: aws, service: cloudtrail }
level: high
detection:
  attach:
    eventSource: iam.amazonaws.com
    eventName: AttachUserPolicy
  condition: attach
rescind:
  respond: contain
`;

/** Needs a List call, which EventBridge delivers only on request. */
export const READ_RULE = `title: Buckets listed
id: 6f2c1f5e-1111-4222-8333-444455557777
logsource: { product: aws, service: cloudtrail }
level: low
detection:
  list:
    eventSource: s3.amazonaws.com
    eventName: ListBuckets
  condition: list
`;

export const DEPLOYMENT: Readonly<Record<string, string>> = {
  ...HANDLERS,
  'rescind.yaml': POLICY,
  'rules/attached.yml': RULE,
  'rules/listed.yml': READ_RULE,
};
