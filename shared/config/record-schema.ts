import { POLICY_DEFAULTS as DEFAULT } from './policy-defaults.ts';
import { duration, list, section, text } from './policy-fields.ts';
import { apart, resourcesOrTags } from './tag-choice.ts';

const HOST = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;

/** `s3` and `s3.amazonaws.com` are the same; CloudTrail writes the second. */
function sourceOf(service: string): string {
  return service.includes('.') ? service : `${service}.amazonaws.com`;
}

const service = text('a service such as secretsmanager', (value) =>
  HOST.test(sourceOf(value))
    ? undefined
    : `${JSON.stringify(value.slice(0, 60))} is not a service: write the eventSource of its records, e.g. secretsmanager or secretsmanager.amazonaws.com`,
).transform(sourceOf);

const action = text('an action such as s3:GetObject', (value) => {
  const [, from = ''] = /^([^:]+):[A-Za-z][A-Za-z0-9_]*\*?$/.exec(value) ?? [];
  return HOST.test(sourceOf(from))
    ? undefined
    : `${JSON.stringify(value.slice(0, 60))} is not an action: write service:Action, e.g. s3:GetObject or dynamodb:Get*`;
}).transform((value) => {
  const [from = '', name = ''] = value.split(':');
  return { source: sourceOf(from), name };
});

/** What the access record keeps, as the operator writes it. */
export const recordScope = section({
  services: list(service, '- secretsmanager').default([]),
  actions: list(action, '- s3:GetObject').default([]),
  resources: resourcesOrTags.default([]),
  learning: duration().default(DEFAULT.learningSeconds),
}).transform(({ learning, resources, ...scope }) => ({
  ...scope,
  resources: apart(resources).patterns,
  tags: apart(resources).tags,
  learningSeconds: learning,
}));
