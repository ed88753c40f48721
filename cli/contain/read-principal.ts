import type { NamedPrincipal } from '../../shared/cases/named-principal.ts';

/** What a person may write for PRINCIPAL. */
export type WrittenPrincipal =
  | { readonly kind: 'named'; readonly named: NamedPrincipal; readonly account?: string }
  /** Whose key it is, IAM has to say. */
  | { readonly kind: 'access-key'; readonly accessKeyId: string }
  /** Whose id it is, IAM has to say. */
  | { readonly kind: 'unique-id'; readonly of: 'user' | 'role'; readonly id: string; readonly sessionName?: string }
  | { readonly kind: 'root'; readonly account: string }
  | { readonly kind: 'wrong'; readonly why: string };

const NAMES = 'a user name, the ARN of a user, role or assumed-role session, an access key id or a unique id';

/**
 * Prefixes of ids: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
export function readPrincipal(text: string): WrittenPrincipal {
  if (text.startsWith('arn:')) return readArn(text);
  if (/^AKIA[A-Z0-9]{12,124}$/.test(text)) return { kind: 'access-key', accessKeyId: text };
  if (/^ASIA[A-Z0-9]{12,124}$/.test(text)) {
    return wrong(
      `${text} is the key of a session, and IAM does not say whose: look it up in its CloudTrail record and name the user or the session.`,
    );
  }
  const [, prefix, rest, sessionName] = /^(AIDA|AROA)([A-Z0-9]{12,124})(?::([\w+=,.@-]{2,64}))?$/.exec(text) ?? [];
  if (prefix !== undefined && rest !== undefined && (prefix === 'AROA' || sessionName === undefined)) {
    const of = prefix === 'AROA' ? 'role' : 'user';
    return { kind: 'unique-id', of, id: `${prefix}${rest}`, ...(sessionName === undefined ? {} : { sessionName }) };
  }
  return NAME.test(text) ? { kind: 'named', named: { kind: 'user', name: text } } : unreadable(text);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const NAME = /^[\w+=,.@-]{1,64}$/;

function readArn(text: string): WrittenPrincipal {
  const [, service, account, resource] = /^arn:[^:]+:(iam|sts)::(\d{12}):(\S+)$/.exec(text) ?? [];
  if (account === undefined || resource === undefined) return unreadable(text);
  const [kind, ...path] = resource.split('/');
  const name = path.at(-1) ?? '';
  if (service === 'iam' && resource === 'root') return { kind: 'root', account };
  if (service === 'iam' && (kind === 'user' || kind === 'role') && NAME.test(name)) {
    return { kind: 'named', named: { kind, name }, account };
  }
  const [roleName = ''] = path;
  if (service === 'sts' && kind === 'assumed-role' && path.length === 2 && NAME.test(roleName)) {
    return { kind: 'named', named: { kind: 'session', name: roleName, sessionName: name }, account };
  }
  return kind === 'federated-user'
    ? wrong('A federated session lives on the user who made it: name that user. Its CloudTrail record says who.')
    : unreadable(text);
}

function unreadable(text: string): WrittenPrincipal {
  return wrong(`${JSON.stringify(text.slice(0, 100))} names nobody: give ${NAMES}.`);
}

function wrong(why: string): WrittenPrincipal {
  return { kind: 'wrong', why };
}
