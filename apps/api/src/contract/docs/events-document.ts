import { EVENT_TYPE_NAMES, type EventType, schemaOfEvent } from '@rowferry/messages';
import { VERSION } from '@rowferry/runtime';
import { z } from 'zod';

/** Message attributes that subscriptions filter by. */
const ATTRIBUTES = {
  type: 'object',
  properties: {
    type: { type: 'string', description: 'That of the event.' },
    severity: { type: 'string', description: 'That of the event.' },
  },
  required: ['type', 'severity'],
} as const;

/** The AsyncAPI 3 document of the events (https://www.asyncapi.com/docs/reference/specification/v3.0.0), made from their schemas. */
export function eventsDocument() {
  const messages = Object.fromEntries(EVENT_TYPE_NAMES.map((type) => [type, messageOf(type)]));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Rowferry events',
      version: VERSION,
      description:
        'What happens to uploads, webhooks and backfills. Delivered at least once, with the same `id` each time. See docs/events.md.',
    },
    defaultContentType: 'application/json',
    channels: {
      events: {
        address: 'rowferry-events',
        title: 'The SNS topic, and the queues that are subscribed to it, raw',
        messages: Object.fromEntries(EVENT_TYPE_NAMES.map((type) => [type, { $ref: `#/components/messages/${type}` }])),
      },
    },
    operations: {
      publishEvents: {
        action: 'send',
        channel: { $ref: '#/channels/events' },
        summary: 'Rowferry publishes an event after the transaction that makes it true has committed.',
        messages: EVENT_TYPE_NAMES.map((type) => ({ $ref: `#/channels/events/messages/${type}` })),
      },
    },
    components: { messages },
  };
}

function messageOf(type: EventType) {
  return {
    name: type,
    title: type,
    contentType: 'application/json',
    headers: ATTRIBUTES,
    payload: {
      schemaFormat: 'application/schema+json;version=draft-07',
      schema: z.toJSONSchema(schemaOfEvent(type), { target: 'draft-7', unrepresentable: 'throw' }),
    },
  };
}
