/** By the attributes of a message, which filter policies read: see `publishToTopic`. */
type FilterPolicy = Record<string, (string | { exists: boolean })[]>;

/**
 * The queues that are subscribed to the topic, each with what it takes; `rowferry start` and the stack on AWS make the
 * same. All types go to `notifications`, so there is none that nobody takes.
 */
export const EVENT_QUEUES = {
  notifications: { filter: { type: [{ exists: true }] } },
  alerts: { filter: { severity: ['alert'] } },
  webhooks: { filter: { type: [{ exists: true }] } },
} as const satisfies Record<string, { filter: FilterPolicy }>;

export type EventQueue = keyof typeof EVENT_QUEUES;

/** What a message of the queue `webhooks` says that has no event: something may be due. A schedule sends it on AWS. */
export const WEBHOOK_WAKE = { type: 'webhooks.wake' };

/**
 * How a queue is subscribed: events come as they were published, without SNS's envelope, and what SNS could not deliver goes
 * to a dead-letter queue (https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html).
 */
export function subscriptionAttributes(queue: EventQueue, dlqArn: string): Record<string, string> {
  return {
    RawMessageDelivery: 'true',
    FilterPolicyScope: 'MessageAttributes',
    FilterPolicy: JSON.stringify(EVENT_QUEUES[queue].filter),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dlqArn }),
  };
}
