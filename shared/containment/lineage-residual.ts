import type { SessionLineage } from '../access/session-lineage.ts';
import { commandWord } from '../cases/beyond/command-word.ts';
import type { Residual, Shortfall } from '../cases/outcome.ts';
import type { ContainableSubject } from './read-subject.ts';
import { federatedProviders } from './read-trust.ts';

/** What the record says of the subject's sessions, as far as no call of the plan ends it. */
export function lineageResidual(
  subject: ContainableSubject,
  trust: string | undefined,
  lineage: SessionLineage | undefined,
): readonly Residual[] {
  if (lineage === undefined) return [];
  const { issued, logins, more } = lineage;
  return [
    ...logins.flatMap(({ sub, provider, transient }) => [
      {
        what: `${sub} is still somebody at ${provider}, and at whatever else trusts that`,
        humanStep: `Disable ${sub} at ${provider}, and end the sessions there.`,
      },
      ...(transient === true
        ? [
            {
              what: `${provider} calls the same person otherwise at the next login, which no deny foresees`,
              humanStep: `Disable the person behind ${sub} at ${provider} before anything else.`,
            },
          ]
        : []),
      ...(subject.kind === 'session'
        ? [
            {
              what: `others who opened sessions named ${subject.sessionName} before now are refused until they open new ones`,
              humanStep: `Run again what failed meanwhile, if it is not of ${sub}.`,
            },
          ]
        : []),
    ]),
    ...(subject.kind === 'session' && logins.length === 0 ? unknownLogin(subject.roleName, trust) : []),
    ...issued.slice(0, SESSIONS_SHOWN).map(({ arn, by, at }) => ({
      what: `session ${arn.split('assumed-role/')[1] ?? arn}, which ${by} opened at ${at}, lives on until it is contained itself`,
      humanStep: `Where the case acts, it opens one for that session. Else: npx rescind contain ${commandWord(arn, 'SESSION-ARN')} --enforce`,
    })),
    ...(more || issued.length > SESSIONS_SHOWN
      ? [
          {
            what: 'more sessions came of it than are listed here',
            humanStep: `Block the roles behind them: npx rescind contain ROLE-ARN --enforce. All of them: npx rescind what ${commandWord(subject.arn, 'ARN')}`,
          },
        ]
      : []),
  ];
}

/** What is not known cannot be listed, and must not look like nothing. */
export function unreadLineage(lineage: SessionLineage | undefined): readonly Shortfall[] {
  return lineage?.unread === undefined
    ? []
    : [
        {
          item: 'sessions that it opened',
          reason: `not known, for the access record could not be read: ${lineage.unread}`,
        },
      ];
}

const SESSIONS_SHOWN = 10;

function unknownLogin(roleName: string, trust: string | undefined) {
  return federatedProviders(trust ?? '').map((provider) => ({
    what: `whoever opened the session by a login at ${provider}, if that is how it was opened, can log in again`,
    humanStep: `Find the login among the records of ${roleName}, under "subject", and disable it at ${provider}: aws cloudtrail lookup-events --lookup-attributes AttributeKey=ResourceName,AttributeValue=${commandWord(roleName, 'ROLE-NAME')}`,
  }));
}
