import type { MetadataBearer, MiddlewareStack } from '@smithy/types';

/** Runs `onAnswered` after each answered call of the client, before whatever was attached around it sees the answer. */
export function watchCalls<Input extends object, Output extends MetadataBearer>(
  client: { middlewareStack: MiddlewareStack<Input, Output> },
  onAnswered: (eventName: string) => Promise<void>,
): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const answer = await next(args);
        await onAnswered(commandName.replace(/Command$/, ''));
        return answer;
      },
    { step: 'initialize', priority: 'low', name: 'watchCalls' },
  );
}
