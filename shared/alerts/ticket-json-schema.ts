import type { JsonObject } from '../json.ts';
import { LEVELS } from '../rules/rule.ts';

const text = (maxLength: number, description: string): JsonObject => ({ type: 'string', maxLength, description });

/** JSON Schema (draft 2020-12) of what the topic of tickets carries, for whoever writes a bridge. */
export function ticketJsonSchema(): JsonObject {
  const properties: JsonObject = {
    schema: { const: 'rescind.ticket/1' },
    dedupId: text(64, 'One for each case: a message with the same one is the same ticket.'),
    caseId: text(40, 'The case, as the commands name it.'),
    severity: { enum: [...LEVELS], description: 'Of the case when the ticket was due.' },
    account: text(12, 'The account that it happened in.'),
    region: text(40, 'Where the newest detection was seen.'),
    subject: text(256, 'Whom the case is about. Whoever made the event may have chosen it: show it escaped.'),
    subjectArn: text(700, 'Likewise, as an ARN or a key.'),
    title: { ...text(99, 'Printable ASCII, of which nothing comes from an event.'), pattern: '^[ -~]+$' },
    text: text(8000, 'What people are told, with line breaks. Show it escaped.'),
    command: text(80, 'What shows the case as it is now.'),
    link: { type: 'string', pattern: '^https://', description: 'As the policy makes it; absent without one.' },
    at: text(40, 'When it was told, ISO 8601 in UTC.'),
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'rescind.ticket/1',
    description: 'One message for each case that a ticket is to be opened for.',
    type: 'object',
    properties,
    required: Object.keys(properties).filter((key) => key !== 'link'),
    additionalProperties: false,
  };
}
