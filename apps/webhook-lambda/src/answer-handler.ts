import { decodeAnswer } from '@rowferry/webhooks';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dispatchDue } from './dispatch-due.ts';
import { forEachRecord } from './for-each-record.ts';
import { recordAnswer } from './record-answer.ts';
import type { WebhookSettings } from './webhook-settings.ts';

/** The handler of the queue of answers: records them, and has attempted what waited for their end. */
export function createAnswerHandler(settings: WebhookSettings) {
  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const response = await forEachRecord(Records, settings.logger, ({ body }) =>
      recordAnswer(settings, decodeAnswer(body)),
    );
    await dispatchDue(settings);
    return response;
  };
}
