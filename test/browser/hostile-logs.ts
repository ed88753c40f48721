import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backtest } from '../../cli/backtest/backtest.ts';

/** Names that somebody might choose who hopes that the report runs them. */
export const HOSTILE_NAMES = [
  '<img src=x onerror="window.hacked=1">',
  '</script><script>window.hacked=2</script>',
  '" onmouseover="window.hacked=3" x="',
  '</style><svg onload=window.hacked=4>',
  '{{window.hacked=5}}',
  'https://attacker.example/x.png',
];

let count = 0;

function record(userName: string, eventName: string, eventTime: string, eventSource: string): object {
  count += 1;
  return {
    eventID: `e-${count}`,
    eventTime,
    eventSource,
    eventName,
    awsRegion: 'us-east-1',
    recipientAccountId: '111122223333',
    userIdentity: {
      type: 'IAMUser',
      principalId: `AIDA${userName}`,
      arn: `arn:aws:iam::111122223333:user/${userName}`,
      accountId: '111122223333',
      userName,
    },
  };
}

/** A report over two days: `alice` stops a trail twice, `bob` deletes flow logs, and the hostile names do both. */
export async function writeHostileReport(folder: string): Promise<string> {
  const logs = join(folder, 'logs');
  mkdirSync(logs);
  const trail = 'cloudtrail.amazonaws.com';
  const records = [
    record('alice', 'StopLogging', '2026-11-19T02:00:00Z', trail),
    record('alice', 'StopLogging', '2026-11-19T02:05:00Z', trail),
    record('bob', 'DeleteFlowLogs', '2026-11-20T14:00:00Z', 'ec2.amazonaws.com'),
    ...HOSTILE_NAMES.flatMap((name, index) => [
      record(name, 'StopLogging', `2026-11-20T0${index}:00:00Z`, trail),
      record(name, 'DeleteFlowLogs', `2026-11-20T0${index}:30:00Z`, 'ec2.amazonaws.com'),
    ]),
  ];
  writeFileSync(join(logs, 'a.json'), JSON.stringify({ Records: records }));
  writeFileSync(join(logs, '<img src=x onerror=window.hacked=6>.json'), '{"Records":[null]}');
  const policy = join(folder, 'rescind.yaml');
  writeFileSync(
    policy,
    "version: 1\nhome-region: us-east-1\nmode: enforce\nprotected: ['arn:aws:iam::*:role/B']\nbreaker: { subjects: 50 }\n",
  );
  const report = join(folder, 'report.html');
  const silent = { write: () => true, once: () => {} };
  await backtest([logs], { rules: ['rules'], policy, report }, { stdout: silent, stderr: silent });
  return report;
}
