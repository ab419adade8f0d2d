import { PutObjectCommand, type PutObjectCommandInput, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { STORED_SETTINGS_MAX_BYTES, UnreadableSettingsError } from '@rowferry/messages';
import { type ObjectAddress, ObjectGoneError, openObject } from './objects.ts';

/**
 * The text of a small object; undefined when there is none.
 *
 * @throws UnreadableSettingsError when it is larger than any that Rowferry writes.
 */
export async function readText(s3: S3Client, address: ObjectAddress): Promise<string | undefined> {
  const object = await openObject(s3, address).catch((error: unknown) => {
    if (error instanceof ObjectGoneError) return undefined;
    throw error;
  });
  if (object === undefined) return undefined;
  const { body, sizeBytes } = object;
  if (sizeBytes > STORED_SETTINGS_MAX_BYTES) {
    body.destroy();
    throw new UnreadableSettingsError(`it has ${sizeBytes} bytes`);
  }
  return Buffer.concat(await body.toArray()).toString();
}

/** Makes a text the object of its key. */
export async function putText(s3: S3Client, address: ObjectAddress, text: string): Promise<void> {
  await s3.send(new PutObjectCommand(inputOf(address, text)));
}

/**
 * The same, unless there is an object of that key.
 *
 * @returns whether there was none.
 */
export async function putNewText(s3: S3Client, address: ObjectAddress, text: string): Promise<boolean> {
  try {
    await s3.send(new PutObjectCommand({ ...inputOf(address, text), IfNoneMatch: '*' }));
    return true;
  } catch (error) {
    if (error instanceof S3ServiceException && isTaken(error)) return false;
    throw error;
  }
}

function inputOf({ bucket, key }: ObjectAddress, text: string): PutObjectCommandInput {
  return { Bucket: bucket, Key: key, Body: text, ContentType: 'application/json' };
}

/**
 * Somebody else wrote it: before, or at the same time
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
 */
function isTaken({ $metadata }: S3ServiceException): boolean {
  return $metadata.httpStatusCode === 412 || $metadata.httpStatusCode === 409;
}
