import { parseArn } from '../access/arn.ts';
import { commandWord } from '../cases/beyond/command-word.ts';
import type { TouchedResource } from '../cases/case.ts';
import type { Residual } from '../cases/outcome.ts';
import { resourceDeny } from './resource-deny.ts';
import { secretId } from './secret.ts';

/**
 * What is left open where only the access to some resources is taken: whoever has copied a thing needs no access to it.
 * `known`: secrets that were read and that no step rotates.
 */
export function residualOfTargets(
  resources: readonly TouchedResource[],
  known: readonly string[],
): readonly Residual[] {
  const denied = resources.filter(({ arn }) => resourceDeny(arn) !== undefined);
  const services = new Set(denied.map(({ arn }) => parseArn(arn)?.service));
  return [
    {
      what: 'everything else that it may do, also by roles that it can assume: only what was touched is denied',
      humanStep: 'Contain it, if it is not only in the wrong place: npx rescind contain PRINCIPAL',
    },
    ...known.slice(0, SHOWN).map((arn) => ({
      what: `the value of ${arn} is known to whoever read it`,
      humanStep: `Rotate it: aws secretsmanager rotate-secret --secret-id ${commandWord(secretId({ arn }), 'SECRET-ARN')} (where rotation is not set up: put-secret-value, after the password was changed where it opens).`,
    })),
    ...(services.has('secretsmanager') || services.has('rds')
      ? [
          {
            // Data events of databases are not CloudTrail's
            // (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/logging-using-cloudtrail.html).
            what: 'open connections to databases; logins are denied (rds-db:connect), but CloudTrail does not record them, so nobody sees one being refused',
            humanStep: 'End its open sessions in each database that the secret opens.',
          },
        ]
      : []),
    ...(services.has('ssm')
      ? [
          {
            what: 'values of parameters that it read are known to it',
            humanStep: 'Change what they open, and then the parameters.',
          },
        ]
      : []),
    ...(services.has('kms')
      ? [
          {
            what: 'grants of the keys, and data that was decrypted before',
            humanStep: 'Look at who holds grants: aws kms list-grants --key-id KEY-ID',
          },
        ]
      : []),
  ];
}

const SHOWN = 5;
