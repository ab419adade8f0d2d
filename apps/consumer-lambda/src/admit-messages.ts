import type { Failures } from '@rowferry/aws';
import { type Database, type StartedUpload, saveUnreadableMessage } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import { type ContentMessage, whyForeign } from './check-message.ts';
import type { Delivery } from './delivery.ts';
import type { StartedUploadFinder, StartedUploads } from './started-uploads.ts';

/** A message, and the upload that it is about. */
export type Admitted<D extends Delivery> = D & { upload: StartedUpload };
export type Foreign = { delivery: Delivery<ContentMessage>; reason: string };

export type Admission<D extends Delivery> = {
  admitted: Admitted<D>[];
  foreign: Foreign[];
  /** Their uploads were not started, as far as is known yet. */
  pending: D[];
};

/** Sorts messages by whether their upload was started and can have what they say. */
export async function admitMessages<D extends Delivery<ContentMessage>>(
  finder: StartedUploadFinder,
  deliveries: readonly D[],
  { wait }: { wait: boolean } = { wait: false },
): Promise<Admission<D>> {
  const ids = deliveries.map(({ message }) => message.uploadId);
  const uploads = await (wait ? finder.waitFor(ids) : finder.find(ids));
  const admission = sortMessages(deliveries, uploads);
  if (admission.foreign.length === 0) return admission;
  const suspected = admission.foreign.map(({ delivery }) => delivery.message.uploadId);
  return sortMessages(deliveries, new Map([...uploads, ...(await finder.findAnew(suspected))]));
}

function sortMessages<D extends Delivery<ContentMessage>>(
  deliveries: readonly D[],
  uploads: StartedUploads,
): Admission<D> {
  const admission: Admission<D> = { admitted: [], foreign: [], pending: [] };
  for (const delivery of deliveries) {
    const upload = uploads.get(delivery.message.uploadId);
    const reason = upload && whyForeign(delivery.message, upload);
    if (upload === undefined) admission.pending.push(delivery);
    else if (reason === undefined) admission.admitted.push({ ...delivery, upload });
    else admission.foreign.push({ delivery, reason });
  }
  return admission;
}

export type SetAsideSettings = { database: Database; queueName: string; logger: Logger };

/** Keeps messages that no producer of this upload sent for an operator. @returns those that could not be kept. */
export async function setAside(settings: SetAsideSettings, foreign: readonly Foreign[]): Promise<Failures> {
  const failures = new Map<string, unknown>();
  for (const { delivery, reason } of foreign)
    await setMessageAside(settings, delivery, reason).catch((error: unknown) =>
      failures.set(delivery.messageId, error),
    );
  return failures;
}

/** Keeps one message for an operator. The reason is not logged: where Postgres refused a value, it can quote it. */
export async function setMessageAside(
  { database, queueName, logger }: SetAsideSettings,
  { messageId, body }: Pick<Delivery, 'messageId' | 'body'>,
  reason: string,
): Promise<void> {
  await saveUnreadableMessage(database, { messageId, queue: queueName, body, reason });
  logger.warn(
    { messageId, queue: queueName, metrics: { UnreadableMessages: 1 } },
    'message is kept in unreadable_messages',
  );
}
