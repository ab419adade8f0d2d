import { byOutcome, FAILURE_CODES } from '@rowferry/roster';
import { z } from 'zod';
import { largeCount, moment } from './bounds.ts';
import { decodeBody } from './decode.ts';

/** How much attention an event needs: `alert` is for what stays wrong until somebody acts. */
export const SEVERITIES = ['info', 'warning', 'alert'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Raised when a reader of the version before could not read the new one. */
export const EVENT_VERSION = 1;

const id = z.uuid();
/** A path of the API, to be read for what an event does not say. */
const link = z.string().startsWith('/v1/');

const endOfUpload = z.object({
  uploadId: id,
  total: largeCount,
  /** Rows by outcome, at that moment. A redrive changes them later. */
  counts: z.object(byOutcome(() => largeCount)),
  link,
});

const endOfBackfill = z.object({ backfillId: id, files: largeCount, failedFiles: largeCount, link });

/**
 * Every type of event: how severe it is, and what its `data` has. Data is thin: ids, counts, codes and links. It has nothing
 * of a file's contents, and no name of a file or a person.
 */
export const EVENT_TYPES = {
  'upload.completed': { severity: 'info', data: endOfUpload },
  'upload.completed_with_errors': { severity: 'warning', data: endOfUpload },
  'upload.failed': { severity: 'alert', data: z.object({ uploadId: id, code: z.enum(FAILURE_CODES), link }) },
  /** Nothing of the upload has moved since, for an hour. */
  'upload.stalled': { severity: 'alert', data: z.object({ uploadId: id, since: moment, link }) },
  /** At most one a minute and upload; `dead` counts all of the upload's rows that are dead by then. */
  'rows.dead': { severity: 'alert', data: z.object({ uploadId: id, dead: largeCount, link }) },
  /** `code`: the endpoint answered 410, or failed for a day. */
  'webhook.disabled': { severity: 'alert', data: z.object({ webhookId: id, code: z.enum(['gone', 'failing']), link }) },
  'backfill.completed': { severity: 'info', data: endOfBackfill },
  'backfill.completed_with_errors': { severity: 'warning', data: endOfBackfill },
  /** It ended early, or never began; what it has loaded stays. */
  'backfill.failed': {
    severity: 'alert',
    data: z.object({ backfillId: id, code: z.string().regex(/^[a-z_]+$/), link }),
  },
} as const satisfies Record<string, { severity: Severity; data: z.ZodType }>;

export type EventType = keyof typeof EVENT_TYPES;
export const EVENT_TYPE_NAMES: readonly EventType[] = Object.keys(EVENT_TYPES).filter(isEventType);

/** The types of which an upload has exactly one. */
export const TERMINAL_EVENT_TYPES = [
  'upload.completed',
  'upload.completed_with_errors',
  'upload.failed',
] as const satisfies readonly EventType[];

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(EVENT_TYPES, type);
}

export type EventData<T extends EventType = EventType> = z.infer<(typeof EVENT_TYPES)[T]['data']>;

/** What every event has, whatever its type. Readers take types that they do not know, too. */
export const eventSchema = z.object({
  /** A UUIDv7. The same when the event is delivered again. */
  id,
  type: z.string().regex(/^[a-z_]+\.[a-z_]+$/),
  severity: z.enum(SEVERITIES),
  /** When it happened, in UTC. */
  time: moment,
  version: z.literal(EVENT_VERSION),
  data: z.record(z.string(), z.unknown()),
});

export type Event = z.infer<typeof eventSchema>;

/** The schema of an event of one type. */
export function schemaOfEvent<T extends EventType>(type: T) {
  const { severity, data } = EVENT_TYPES[type];
  return eventSchema.extend({ type: z.literal(type), severity: z.literal(severity), data });
}

/** An event as the body of an SQS message. @throws UnreadableMessageError when it is none, or of another version. */
export function decodeEvent(body: string): Event {
  return decodeBody(eventSchema, body);
}
