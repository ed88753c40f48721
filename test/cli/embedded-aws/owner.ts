// A program that owns an embedded AWS with a busy Lambda worker, tells its process ids, and then ends as it is told.
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { launch } from '../../../cli/embedded-aws/launch.ts';

// index.js: setInterval(() => {}, 1000); exports.handler = async () => process.pid;
// The interval keeps the worker alive although nobody talks to it any more, so it must really be killed.
const zippedFunction =
  'UEsDBBQAAAAAAAAAIQDK5DT/SAAAAEgAAAAIAAAAaW5kZXguanNzZXRJbnRlcnZhbCgoKSA9PiB7fSwgMTAwMCk7CmV4cG9ydHMuaGFuZGxlciA9IGFzeW5jICgpID0+IHByb2Nlc3MucGlkOwpQSwECFAMUAAAAAAAAACEAyuQ0/0gAAABIAAAACAAAAAAAAAAAAAAAgAEAAAAAaW5kZXguanNQSwUGAAAAAAEAAQA2AAAAbgAAAAAA';

const { ids, endpoint, server } = await launch({});
const lambda = new LambdaClient({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: '111122223333', secretAccessKey: 'embedded' },
});
await lambda.send(
  new CreateFunctionCommand({
    FunctionName: 'busy',
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: 'arn:aws:iam::111122223333:role/busy',
    Code: { ZipFile: Buffer.from(zippedFunction, 'base64') },
  }),
);
const answer = await lambda.send(new InvokeCommand({ FunctionName: 'busy' }));
const worker = Number(answer.Payload?.transformToString());
process.stdout.write(`${JSON.stringify({ ...ids, worker, endpoint })}\n`);

process.stdin.once('data', (order: Buffer) => {
  switch (order.toString().trim()) {
    case 'stop':
      return void server.stop().then(() => process.stdin.destroy());
    case 'exit':
      return process.exit(0);
    case 'return':
      return process.stdin.destroy(); // Nothing is left to do, so the program simply ends.
    default:
      throw new Error('An uncaught crash, on purpose');
  }
});
