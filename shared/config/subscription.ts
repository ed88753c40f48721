import { SUBSCRIPTION_PROTOCOLS, type Subscription } from './policy.ts';

type Protocol = Subscription['protocol'];

const EMAIL = { shape: /^[^\s@]+@[^\s@]+$/, say: 'write an address such as oncall@example.com' };

function webAddress(protocol: 'http' | 'https') {
  return {
    shape: new RegExp(`^${protocol}://[^\\s/]+(/\\S*)?$`),
    say: `write an address that begins with ${protocol}://`,
  };
}

/** What SNS accepts as endpoint of each protocol: https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html */
const ENDPOINTS: { readonly [P in Protocol]: { readonly shape: RegExp; readonly say: string } } = {
  email: EMAIL,
  'email-json': EMAIL,
  sms: { shape: /^\+[1-9]\d{6,14}$/, say: 'write the number as E.164 in quotes, e.g. "+41791234567"' },
  sqs: {
    shape: /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}$/,
    say: 'write the ARN of a standard queue, e.g. arn:aws:sqs:eu-central-1:123456789012:alerts',
  },
  lambda: {
    shape: /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/,
    say: 'write the ARN of a function, e.g. arn:aws:lambda:eu-central-1:123456789012:function:alerts',
  },
  http: webAddress('http'),
  https: webAddress('https'),
};

export function isProtocol(value: unknown): value is Protocol {
  return SUBSCRIPTION_PROTOCOLS.some((protocol) => protocol === value);
}

/** What is wrong with an endpoint, or nothing. */
export function endpointProblem(protocol: Protocol, endpoint: unknown): string | undefined {
  const { shape, say } = ENDPOINTS[protocol];
  // YAML reads +41791234567 as a number and drops the plus.
  if (typeof endpoint === 'number') return `is a number: ${say}`;
  if (typeof endpoint === 'string' && shape.test(endpoint)) return undefined;
  return `is not an endpoint of ${protocol}: ${say}`;
}
