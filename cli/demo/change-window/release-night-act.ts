import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { AccessEntry } from '../../../shared/access/access-entry.ts';
import { isJsonObject, type JsonObject } from '../../../shared/json.ts';
import { functionLog } from '../../staging/function-log.ts';
import { colour } from '../../terminal/colour.ts';
import { actAsAdministrator, CALLS_BEFORE } from '../admin/act-as-administrator.ts';
import { followFromHere, type LiveTimeline } from '../live-timeline.ts';
import { given, operatorConfig } from '../operator.ts';
import type { PrincipalState } from '../principal-state.ts';
import { readRole, readUser } from '../read-principal.ts';
import { secretReader } from '../read-secret.ts';
import { showAccesses } from '../show-accesses.ts';
import type { SmallHours } from '../small-hours.ts';
import type { StageOf } from '../stage.ts';
import { waitFor } from '../wait-for.ts';
import type { Cast } from './cast.ts';
import { RELEASE } from './policy.ts';

/** Why a rule that held was left out for a record, as evaluate logged it. */
export type Suppressed = { readonly eventName: string; readonly ruleId: string; readonly by: string };

export type Announced = {
  readonly timeline: LiveTimeline;
  readonly suppressed: readonly Suppressed[];
  readonly accesses: readonly AccessEntry[];
  /** Of the developer and the role, before anything was done. */
  readonly before: readonly PrincipalState[];
  readonly since: Date;
};

const EXPECTED = ['GetSecretValue', 'CreateUser'] as const;

/** What the two other chapters act on, done by people whom the change names; until all of it is judged and recorded. */
export async function releaseNightAct(stage: StageOf<Cast>, night: SmallHours): Promise<Announced> {
  const { screen, cast, bus, aws } = stage;
  const { finance, admin } = cast;
  screen.heading(`${night.time} IN ${night.city.toUpperCase()}  ${RELEASE.name} (${RELEASE.ticket}), as announced.`);
  screen.paragraph(
    `${finance.developer} reads ${finance.secret}. ${admin.person} steps into ${admin.role} and makes the user ${admin.madeUser}.`,
    '  ',
  );
  screen.line();
  const timeline = await followFromHere(stage, 'GetSecretValue');
  const records: JsonObject[] = [];
  const onRecord = (record: JsonObject): void => {
    records.push(record);
    timeline.onRecord(record);
  };
  const before = await readBoth(cast);
  const since = new Date();
  const { iam, key: credentials, secret, developer, developerId } = finance;
  const read = await secretReader({ aws, bus, iam, credentials, onRecord });
  await read(secret);
  await actAsAdministrator(aws, admin, bus, { onRecord, between: async () => {} });

  const what = 'evaluate to judge both';
  const suppressed = await timeline
    .until(what, () => true)
    .then(() =>
      screen.during(
        `waiting for ${what}`,
        waitFor(what, { withinSeconds: 60, logFile: stage.logFile }, async () => {
          const found = await suppressedAmong(stage, records);
          return EXPECTED.every((name) => found.some(({ eventName }) => eventName === name)) ? found : undefined;
        }),
      ),
    );
  screen.line();
  screen.line('  No case, and no page. What evaluate wrote to its log:');
  for (const { eventName, ruleId, by } of suppressed) {
    screen.paragraph(`${eventName}: suppressed by ${by}  ${colour.dim(`rule ${ruleId}`)}`, '    ', '      ');
  }
  const accesses = [
    ...(await showAccesses(stage, { name: developer, id: developerId }, 1)),
    ...(await showAccesses(stage, { name: admin.person, id: admin.personId }, CALLS_BEFORE + 1)),
  ];
  return { timeline, suppressed, accesses, before, since };
}

export async function readBoth({ finance, admin }: Cast): Promise<readonly PrincipalState[]> {
  return Promise.all([readUser(finance.iam, finance.developer), readRole(admin.iam, admin.role)]);
}

async function suppressedAmong({ aws }: StageOf<Cast>, records: readonly JsonObject[]): Promise<readonly Suppressed[]> {
  const lambda = new LambdaClient(operatorConfig(aws));
  const { LoggingConfig } = await lambda
    .send(new GetFunctionConfigurationCommand({ FunctionName: 'Rescind-evaluate' }))
    .finally(() => lambda.destroy());
  const lines = await functionLog(operatorConfig(aws), given(LoggingConfig?.LogGroup), '"suppressed"');
  return lines.flatMap((line): Suppressed[] => {
    const entry: unknown = JSON.parse(line.slice(line.indexOf('{')));
    if (!isJsonObject(entry)) return [];
    const record = records.find(({ eventID }) => eventID === entry.eventId);
    return record === undefined || !String(entry.by).startsWith('change window')
      ? []
      : [{ eventName: String(record.eventName), ruleId: String(entry.ruleId), by: String(entry.by) }];
  });
}
