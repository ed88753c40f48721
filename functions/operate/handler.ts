import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { APIGatewayProxyEventV2WithIAMAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { createCaseStore } from '../../shared/aws/case-store.ts';
import { createFlow } from '../../shared/aws/flow.ts';
import { createPrincipalLookup } from '../../shared/aws/principal-lookup.ts';
import { containByHand } from '../../shared/cases/contain-by-hand.ts';
import { operate } from '../../shared/cases/operate.ts';
import { readOrder } from '../../shared/cases/read-order.ts';
import { FUNCTION_ENVIRONMENT, readEnvironment } from '../../shared/config/environment.ts';
import { lambdaFunction } from '../lambda-function.ts';
import { newCaseId, systemClock } from '../system.ts';

type Request = Pick<APIGatewayProxyEventV2WithIAMAuthorizer, 'body' | 'isBase64Encoded' | 'requestContext'>;

/** Takes the orders of people, signed with their own AWS credentials: the caller's ARN is who ordered it. */
export const handler = lambdaFunction<Request, APIGatewayProxyStructuredResultV2>(
  'operate',
  (logger) => {
    const environment = readEnvironment(process.env, [...FUNCTION_ENVIRONMENT.operate, 'AWS_REGION']);
    const deps = {
      store: createCaseStore(
        new DynamoDBClient({}),
        { cases: environment.CASES_TABLE, state: environment.STATE_TABLE },
        systemClock,
      ),
      flow: createFlow(new SFNClient({}), environment.STATE_MACHINE_ARN),
      clock: systemClock,
      lookup: createPrincipalLookup(new IAMClient({})),
      newCaseId,
      newOrderId: randomUUID,
      // Set by Lambda itself.
      region: environment.AWS_REGION,
    };

    return async (request) => {
      if (request.requestContext.http.method !== 'POST') return json(405, { error: 'Orders are sent with POST.' });
      const by = callerOf(request);
      if (by === undefined)
        return json(403, { error: 'Orders are signed with AWS credentials; this one names no caller.' });
      const reading = readOrder(
        Buffer.from(request.body ?? '', request.isBase64Encoded ? 'base64' : 'utf8').toString(),
      );
      if (reading.kind === 'unreadable') return json(400, { error: reading.why });

      const { order } = reading;
      const answer = order.kind === 'contain' ? await containByHand(deps, order, by) : await operate(deps, order, by);
      logger.info('ordered', { ...order, by, answer: answer.kind });
      return json(answer.kind === 'accepted' ? 200 : 409, answer);
    };
  },
  () => ({}),
);

/** Set by Lambda after it has checked the signature (AuthType AWS_IAM), so nobody can choose it. */
function callerOf(request: Request): string | undefined {
  const arn = request.requestContext.authorizer?.iam?.userArn;
  return typeof arn === 'string' && arn !== '' ? arn : undefined;
}

function json(statusCode: number, body: object): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
