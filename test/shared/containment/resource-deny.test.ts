import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { denyResourcesDocument } from '../../../shared/containment/documents.ts';
import { resourceDeny } from '../../../shared/containment/resource-deny.ts';

const AT = 'eu-west-1:111122223333';
const LOGINS = ['rds-db:connect', [`arn:aws:rds-db:${AT}:dbuser:*/*`]];

/** As policy authors would write them by hand. */
const CASES: readonly (readonly [what: string, arn: string, denies: readonly unknown[]])[] = [
  [
    'a secret by its whole ARN',
    `arn:aws:secretsmanager:${AT}:secret:finance/db-AbCdEf`,
    [
      [
        'secretsmanager:*',
        [
          `arn:aws:secretsmanager:${AT}:secret:finance/db-AbCdEf`,
          `arn:aws:secretsmanager:${AT}:secret:finance/db-AbCdEf-??????`,
        ],
      ],
      LOGINS,
    ],
  ],
  [
    'a secret by its name',
    `arn:aws:secretsmanager:${AT}:secret:finance/db-??????`,
    [['secretsmanager:*', [`arn:aws:secretsmanager:${AT}:secret:finance/db-??????`]], LOGINS],
  ],
  [
    'a table, with its indexes',
    `arn:aws:dynamodb:${AT}:table/orders`,
    [['dynamodb:*', [`arn:aws:dynamodb:${AT}:table/orders`, `arn:aws:dynamodb:${AT}:table/orders/*`]]],
  ],
  [
    'an index, as its table',
    `arn:aws:dynamodb:${AT}:table/orders/index/by-date`,
    [['dynamodb:*', [`arn:aws:dynamodb:${AT}:table/orders`, `arn:aws:dynamodb:${AT}:table/orders/*`]]],
  ],
  [
    'an object, as its bucket',
    'arn:aws:s3:::reports/2026/q4.pdf',
    [['s3:*', ['arn:aws:s3:::reports', 'arn:aws:s3:::reports/*']]],
  ],
  [
    'an object whose key is a pattern, as its bucket',
    `arn:aws:s3:::reports/*?\${aws:username}`,
    [['s3:*', ['arn:aws:s3:::reports', 'arn:aws:s3:::reports/*']]],
  ],
  [
    'a bucket in China',
    'arn:aws-cn:s3:::reports',
    [['s3:*', ['arn:aws-cn:s3:::reports', 'arn:aws-cn:s3:::reports/*']]],
  ],
  ['a key', `arn:aws:kms:${AT}:key/mrk-1234abcd`, [['kms:*', [`arn:aws:kms:${AT}:key/mrk-1234abcd`]]]],
  [
    'a parameter, and every parameter by its path',
    `arn:aws:ssm:${AT}:parameter/finance/db`,
    [
      ['ssm:*', [`arn:aws:ssm:${AT}:parameter/finance/db`]],
      ['ssm:GetParametersByPath', [`arn:aws:ssm:${AT}:parameter/*`]],
    ],
  ],
  [
    'a path of parameters',
    `arn:aws:ssm:${AT}:parameter/finance/*`,
    [
      ['ssm:*', [`arn:aws:ssm:${AT}:parameter/finance/*`]],
      ['ssm:GetParametersByPath', [`arn:aws:ssm:${AT}:parameter/*`]],
    ],
  ],
  [
    'a database cluster, its data interface and its logins',
    `arn:aws:rds:${AT}:cluster:finance`,
    [['rds:*', [`arn:aws:rds:${AT}:cluster:finance`]], ['rds-data:*', [`arn:aws:rds:${AT}:cluster:finance`]], LOGINS],
  ],
];

/** What no template knows, or what somebody chose so that a deny would reach further than what was touched. */
const NOT_DENIED = [
  `arn:aws:kms:${AT}:alias/finance`,
  `arn:aws:ec2:${AT}:instance/i-0123456789abcdef0`,
  `arn:aws:secretsmanager:${AT}:secret:*`,
  `arn:aws:secretsmanager:${AT}:secret:fin?nce-AbCdEf`,
  `arn:aws:secretsmanager:${AT}:secret:\${aws:username}-AbCdEf`,
  `arn:aws:secretsmanager:${AT}:secret:a"b`,
  `arn:aws:dynamodb:${AT}:table/*`,
  `arn:aws:dynamodb:${AT}:table/or*ers`,
  'arn:aws:s3:::*',
  'arn:aws:s3:::re*ports/key',
  `arn:aws:s3:${AT}:accesspoint/reports`,
  `arn:aws:ssm:${AT}:parameter*`,
  `arn:aws:ssm:${AT}:parameter/a*b`,
  `arn:aws:rds:${AT}:db:*`,
  'not an ARN',
];

describe('the deny of a resource', () => {
  test.each(CASES)('of %s', (_, arn, denies) => {
    expect(resourceDeny(arn)?.map(({ action, resources }) => [action, resources])).toEqual(denies);
  });

  test.each(NOT_DENIED)('is not made of %s', (arn) => {
    expect(resourceDeny(arn)).toBeUndefined();
  });

  test('never holds a wildcard or a variable that a record brought', () => {
    const hostile = fc.stringMatching(/^[a-z*?$:{}"\\/.\-_]{1,30}$/);
    const arn = fc
      .tuple(
        fc.constantFrom(
          `secretsmanager:${AT}:secret:`,
          `dynamodb:${AT}:table/`,
          's3:::',
          `kms:${AT}:key/`,
          `ssm:${AT}:parameter/`,
          `rds:${AT}:db:`,
        ),
        hostile,
      )
      .map(([start, name]) => `arn:aws:${start}${name}`);
    let denied = 0;
    fc.assert(
      fc.property(arn, (text) => {
        for (const { resources } of resourceDeny(text) ?? []) {
          denied += 1;
          for (const resource of resources) {
            // Ours, at the end: a secret's random characters, what lies below, all logins.
            expect(resource.replace(/-\?{6}$|\/\*$|\*\/\*$/, '')).not.toMatch(/[*?$"\\{}]/);
          }
        }
      }),
      { numRuns: 2_000 },
    );
    expect(denied).toBeGreaterThan(100);
  });

  test('of many resources is one statement a kind, each resource once', () => {
    const denies = ['a', 'b', 'a'].flatMap(
      (name) => resourceDeny(`arn:aws:secretsmanager:${AT}:secret:${name}-??????`) ?? [],
    );
    expect(JSON.parse(denyResourcesDocument(denies, 'AROAEXAMPLE:mallory'))).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'RescindDenySecret',
          Effect: 'Deny',
          Action: 'secretsmanager:*',
          Resource: [`arn:aws:secretsmanager:${AT}:secret:a-??????`, `arn:aws:secretsmanager:${AT}:secret:b-??????`],
          Condition: { StringEquals: { 'aws:userid': 'AROAEXAMPLE:mallory' } },
        },
        {
          Sid: 'RescindDenyDatabaseLogin',
          Effect: 'Deny',
          Action: 'rds-db:connect',
          Resource: [`arn:aws:rds-db:${AT}:dbuser:*/*`],
          Condition: { StringEquals: { 'aws:userid': 'AROAEXAMPLE:mallory' } },
        },
      ],
    });
  });
});
