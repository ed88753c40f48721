import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startEmbeddedAws } from '../../cli/embedded-aws/start-embedded-aws.ts';
import { collectAccesses } from '../../shared/access/collect-accesses.ts';
import { deedsOf } from '../../shared/access/deeds-of.ts';
import { recordBatch } from '../../shared/access/record-batch.ts';
import { accessKeys, RESOURCE_SHARDS } from '../../shared/aws/access-items.ts';
import { createAccessReader } from '../../shared/aws/access-reader.ts';
import { createAccessStore } from '../../shared/aws/access-store.ts';
import { createSessionReader } from '../../shared/aws/session-reader.ts';
import { createAccessTable } from '../support/access-table.ts';
import { createIndexedTable } from './access/indexed-table.ts';
import { accessOf, keysOf, NOW, PERSON, SECRET, sessionsOf } from './access/stored-accesses.ts';
import { countUnits, DOLLARS_PER_MILLION } from './access/write-cost.ts';
import { type Bench, type Figure, median } from './figure.ts';

const FEW = 100_000;
const MANY = 1_000_000;
const WEEK = { since: new Date(NOW.getTime() - 7 * 24 * 3_600_000), now: NOW, limit: 200 };
const ROUNDS = 9;
const EVENTS = 1_000;

/** The questions on a table of a million accesses, and what it costs to record one. */
export const measureAccess: Bench = async (progress) => {
  progress(`filling two stand-ins for the table: ${FEW} and ${MANY} accesses`);
  const [few, many] = [tableOf(FEW), tableOf(MANY)];
  progress('asking');
  // Newest of a busy secret, and of a user with a session a day: both bounded by what is shown.
  const who = await compare(few, many, ({ reader }) =>
    collectAccesses((asked) => reader.accessesTo(SECRET, asked), WEEK),
  );
  const what = await compare(few, many, ({ reader, sessions }) =>
    deedsOf({ ...reader, ...sessions }, { key: PERSON }, WEEK),
  );
  progress(`recording ${EVENTS} events on the embedded AWS`);
  return [
    ...figuresOf('who', who, 8 * RESOURCE_SHARDS),
    // Of 9 days a session: one query for what was asked for, one for other keys, one for what was done.
    ...figuresOf('what', what, 8 + 1 + 3 * 10),
    ...(await recordingFigures()),
  ];
};

type Table = ReturnType<typeof tableOf>;

function tableOf(count: number) {
  const { client, add, sort, counted } = createIndexedTable();
  for (let i = 1; i <= count; i += 1) {
    const keys = keysOf(accessOf(i, count));
    add(keys, () => {
      const entry = accessOf(i, count);
      return { ...entry, ...entry.resource, ...keys, ttl: 1_800_000_000 };
    });
  }
  for (const fact of sessionsOf()) {
    const keys = accessKeys.sessionFact(fact);
    add(keys, () => ({ ...fact, ...keys, ttl: 1_800_000_000 }));
  }
  sort();
  return { reader: createAccessReader(client, 'access'), sessions: createSessionReader(client, 'access'), counted };
}

type Compared = {
  readonly queries: number;
  readonly items: number;
  readonly shown: number;
  readonly ratio: number;
  readonly ms: number;
};

/** In turns, so that what else the machine does falls on both. */
async function compare(
  few: Table,
  many: Table,
  ask: (table: Table) => Promise<{ readonly accesses: readonly unknown[] }>,
): Promise<Compared> {
  const times: { readonly few: number; readonly many: number }[] = [];
  let counted = { queries: 0, items: 0, shown: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const small = await timed(() => ask(few));
    Object.assign(many.counted, { queries: 0, items: 0, bytes: 0 });
    const large = await timed(() => ask(many));
    counted = { ...many.counted, shown: large.answer.accesses.length };
    times.push({ few: small.ms, many: large.ms });
  }
  return {
    ...counted,
    ratio: median(times.map(({ few: a, many: b }) => b / a)),
    ms: median(times.map(({ many: ms }) => ms)),
  };
}

async function timed<Answer>(work: () => Promise<Answer>): Promise<{ readonly answer: Answer; readonly ms: number }> {
  const start = performance.now();
  const answer = await work();
  return { answer, ms: performance.now() - start };
}

function figuresOf(name: string, { queries, items, shown, ratio, ms }: Compared, keys: number): readonly Figure[] {
  return [
    {
      bench: 'access',
      what: `${name} of a week, ${shown} shown, in 1,000,000 accesses: queries (items read)`,
      value: `${queries} (${items})`,
      limit: `one a key: ${keys}`,
      within: queries <= keys,
    },
    {
      bench: 'access',
      what: `${name}: time with 1,000,000 accesses, against 100,000, on a stand-in with DynamoDB's keys and pages`,
      value: `${ratio.toFixed(2)} (${ms.toFixed(0)} ms)`,
    },
  ];
}

/** What `record` does with events of eighty people in batches of a hundred, as its queue gives them. */
async function recordingFigures(): Promise<readonly Figure[]> {
  const aws = await startEmbeddedAws();
  try {
    const client = new DynamoDBClient({
      endpoint: aws.endpoint,
      region: aws.region,
      credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
    });
    await createAccessTable(client, 'access');
    const units = countUnits(client);
    const store = createAccessStore(client, 'access', (arn) => arn.includes('app-1'));
    const batches = Array.from({ length: EVENTS / 100 }, (_, batch) =>
      Array.from({ length: 100 }, (_, i) => ({ id: `m${i}`, body: messageOf(batch * 100 + i) })),
    );
    const { ms } = await timed(async () => {
      for (const batch of batches) {
        const { failed, added } = await recordBatch(
          {
            account: '111122223333',
            isRecorded: () => true,
            isOwn: () => false,
            store,
            keysToNote: () => [],
            note: async () => {},
            park: async () => {},
          },
          batch,
        );
        if (failed.length > 0 || added !== 100) throw new Error('Not every event was recorded.');
      }
    });
    const { writeUnit, readUnit, queueRequest } = DOLLARS_PER_MILLION;
    // Sent one by one, received and deleted by the batch.
    const requests = 1 + 2 / 100;
    const dollars =
      (units.writeUnits / EVENTS) * writeUnit + (units.readUnits / EVENTS) * readUnit + requests * queueRequest;
    return [
      {
        bench: 'access',
        what: `recording ${EVENTS} events in batches of 100: item writes an event (requests of DynamoDB)`,
        value: `${(units.itemWrites / EVENTS).toFixed(2)} (${(units.requests / EVENTS).toFixed(2)})`,
      },
      {
        bench: 'access',
        what: 'the same: events a second on the embedded AWS',
        value: `${Math.round((EVENTS * 1000) / ms)}`,
      },
      {
        bench: 'access',
        what: 'the same, modelled: DynamoDB on demand and SQS, us-east-1, a million events (without Lambda)',
        value: `${dollars.toFixed(2)} dollars`,
      },
    ];
  } finally {
    await aws.stop();
  }
}

/** Two thirds of the calls in one of eighty sessions, the others of long-term keys; of forty secrets. */
function messageOf(i: number): string {
  const person = (i * 7) % 80;
  const name = `person-${person}`;
  const userIdentity =
    i % 3 === 0
      ? {
          type: 'IAMUser',
          principalId: `AIDA${person}`,
          arn: `arn:aws:iam::111122223333:user/${name}`,
          accountId: '111122223333',
          accessKeyId: `AKIA${person}`,
          userName: name,
        }
      : {
          type: 'AssumedRole',
          principalId: `AROA0:${name}`,
          arn: `arn:aws:sts::111122223333:assumed-role/deployer/${name}`,
          accountId: '111122223333',
          accessKeyId: `ASIA${person}`,
          sessionContext: {
            sessionIssuer: {
              type: 'Role',
              principalId: 'AROA0',
              arn: 'arn:aws:iam::111122223333:role/deployer',
              accountId: '111122223333',
              userName: 'deployer',
            },
            attributes: { creationDate: '2026-11-21T06:00:00Z', mfaAuthenticated: 'true' },
          },
        };
  const detail = {
    eventVersion: '1.11',
    userIdentity,
    eventTime: new Date(NOW.getTime() + i * 1000).toISOString().replace('.000Z', 'Z'),
    eventSource: 'secretsmanager.amazonaws.com',
    eventName: 'GetSecretValue',
    awsRegion: 'eu-central-1',
    sourceIPAddress: '198.51.100.24',
    userAgent: 'aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.13',
    requestParameters: { secretId: `app-${(i * 13) % 40}/db` },
    eventID: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    readOnly: true,
    recipientAccountId: '111122223333',
  };
  return JSON.stringify({
    source: 'aws.secretsmanager',
    'detail-type': 'AWS API Call via CloudTrail',
    account: '111122223333',
    detail,
  });
}
