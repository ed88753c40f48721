import type { ContainOrder } from '../../shared/cases/contain-by-hand.ts';
import type { Answer, Order } from '../../shared/cases/operate.ts';
import { isJsonObject } from '../../shared/json.ts';
import type { Connection } from './connect.ts';
import { CommandProblem } from './problem.ts';
import { signingClient } from './signing-client.ts';

/** Sends an order to the operate URL, signed with the caller's own credentials. */
export async function sendOrder(connection: Connection, order: Order | ContainOrder): Promise<Answer> {
  const client = await signingClient(connection, 'lambda');
  const response = await client.fetch(operateUrl(connection), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  const text = await response.text();
  const body = parse(text);
  if (response.status === 200 && body?.kind === 'accepted' && typeof body.text === 'string') {
    const { text: told, caseId } = body;
    return {
      kind: 'accepted',
      text: told,
      ...(typeof caseId === 'string' ? { caseId } : {}),
    };
  }
  if (response.status === 409 && typeof body?.why === 'string') return { kind: 'refused', why: body.why };
  if (response.status === 400 && typeof body?.error === 'string') throw new CommandProblem(body.error, 2);
  if (response.status === 403) {
    throw new CommandProblem(
      'The operate URL refused the signature: your credentials need lambda:InvokeFunctionUrl on it.',
    );
  }
  throw new CommandProblem(`The operate URL answered ${response.status}: ${text.slice(0, 300)}`);
}

/** An emulator cannot own the host name in the URL of its function: it serves the same function by path. */
function operateUrl({ config, output }: Connection): string {
  const url = output('OperateUrl');
  return config.endpoint === undefined
    ? url
    : `${config.endpoint}/_aws/lambda-url/${new URL(url).hostname.split('.')[0]}/`;
}

function parse(text: string) {
  try {
    const body: unknown = JSON.parse(text);
    return isJsonObject(body) ? body : undefined;
  } catch {
    // Not JSON: a proxy or a fault in between. The caller reports status and text.
    return undefined;
  }
}
