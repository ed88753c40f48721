import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { renderStopMessage, type StopNotice } from '../../shared/alerts/stop-message.ts';
import { ownRoleName } from '../../shared/cases/own-roles.ts';
import type { Reached } from './reach.ts';

/** Tells the people on call, from here: notify, its table or its stream may be what is broken. Throws when it cannot. */
export async function pageStop(reached: Reached, notice: StopNotice): Promise<void> {
  const topic = await pageTopic(reached);
  const message = renderStopMessage(notice, topic);
  await new SNSClient(reached.config).send(
    new PublishCommand({ ...message, MessageAttributes: { ...message.MessageAttributes } }),
  );
}

/** By the stack's outputs; where these cannot be read, by what notify was told. */
async function pageTopic({ config, stack }: Reached): Promise<string> {
  const ofStack = await outputOf(config, stack).catch(() => undefined);
  if (ofStack !== undefined) return ofStack;
  const { Environment } = await new LambdaClient(config).send(
    new GetFunctionConfigurationCommand({ FunctionName: ownRoleName('notify') }),
  );
  const ofNotify = Environment?.Variables?.PAGE_TOPIC_ARN;
  if (ofNotify === undefined) throw new Error('neither the stack nor the function notify names a page topic');
  return ofNotify;
}

async function outputOf(config: Reached['config'], StackName: string): Promise<string | undefined> {
  const { Stacks } = await new CloudFormationClient(config).send(new DescribeStacksCommand({ StackName }));
  return Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'PageTopicArn')?.OutputValue;
}
