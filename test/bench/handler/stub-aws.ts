import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { isJsonObject, type JsonObject } from '../../../shared/json.ts';

export type AwsCall = { readonly operation: string; readonly input: JsonObject };

/** An AWS on the loopback in which nothing is there yet and every write works. Keeps the calls in order. */
export async function startStubAws() {
  const calls: AwsCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const target = request.headers['x-amz-target'];
      if (typeof target !== 'string') {
        const form = new URLSearchParams(text);
        calls.push({ operation: form.get('Action') ?? 'unknown', input: Object.fromEntries(form) });
        response.writeHead(200, { 'content-type': 'text/xml' });
        response.end(iamAnswer(form));
        return;
      }
      const operation = target.replace(/^.*\./, '');
      const parsed: unknown = JSON.parse(text);
      const input = isJsonObject(parsed) ? parsed : {};
      calls.push({ operation, input });
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(answerTo(operation, input)));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stub of AWS has no port.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    calls,
    stop: (): void => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answerTo(operation: string, input: JsonObject): JsonObject {
  switch (operation) {
    case 'Query':
    case 'Scan':
      return { Items: [], Count: 0, ScannedCount: 0 };
    case 'StartExecution':
      return { executionArn: 'arn:aws:states:us-east-1:111122223333:execution:remediate:bench', startDate: 0 };
    case 'SendMessage':
      // The client checks that the queue got what it sent.
      return {
        MessageId: 'bench',
        MD5OfMessageBody: createHash('md5').update(String(input.MessageBody)).digest('hex'),
      };
    default:
      return {};
  }
}

/** IAM knows every user and role that it is asked for. */
function iamAnswer(form: URLSearchParams): string {
  const action = form.get('Action') ?? '';
  const kind = action === 'GetRole' ? 'Role' : 'User';
  const name = form.get(`${kind}Name`) ?? '';
  const id = `${kind === 'Role' ? 'AROA' : 'AIDA'}${name.toUpperCase()}`;
  const arn = `arn:aws:iam::111122223333:${kind.toLowerCase()}/${name}`;
  const fields = `<Path>/</Path><${kind}Name>${name}</${kind}Name><${kind}Id>${id}</${kind}Id><Arn>${arn}</Arn>`;
  return `<${action}Response><${action}Result><${kind}>${fields}<CreateDate>2026-01-01T00:00:00Z</CreateDate></${kind}></${action}Result></${action}Response>`;
}
