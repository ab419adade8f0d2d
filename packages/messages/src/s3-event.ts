import { z } from 'zod';
import { moment } from './bounds.ts';
import { type SourceObject, sourceObjectSchema } from './message.ts';
import { sourceObjectOf } from './source-object.ts';

/** An object that was created; of one that was removed, S3 tells neither size nor ETag. */
const creationSchema = z.object({
  eventTime: moment,
  s3: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({
      key: z.string(),
      size: z.int().nonnegative(),
      eTag: z.string(),
      versionId: z.string().optional(),
    }),
  }),
});

/** What S3 sends once when notifications are set up: no `Records`. */
const testEventSchema = z.object({ Event: z.literal('s3:TestEvent') });
const eventSchema = z.union([
  z.object({ Records: z.array(z.looseObject({ eventName: z.string() })) }),
  testEventSchema,
]);

/** Stores other than AWS's write the name with the prefix that it has where notifications are set up. */
const CREATION = /^(?:s3:)?ObjectCreated:/;

/**
 * The uploads that an S3 event tells of (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html).
 * Left out: test events, other events than the creation of an object, keys outside `uploads/` and folder markers.
 *
 * @throws ZodError when it is no S3 event, or one of an object that no database can name.
 */
export function sourceObjectsOf(event: unknown): SourceObject[] {
  const parsed = eventSchema.parse(event);
  if (!('Records' in parsed)) return [];
  return parsed.Records.filter(({ eventName }) => CREATION.test(eventName)).flatMap((record) => {
    const { eventTime, s3 } = creationSchema.parse(record);
    const { key, size, eTag, versionId = null } = s3.object;
    const object = { bucket: s3.bucket.name, key: decodeKey(key), etag: eTag, versionId, sizeBytes: size };
    const upload = sourceObjectOf({ ...object, createdAt: new Date(eventTime) });
    return upload === undefined ? [] : sourceObjectSchema.parse(upload);
  });
}

/** Keys in S3 events, and in listings that ask for it, are URL-encoded like form data: a plus sign is a space. */
export function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}
