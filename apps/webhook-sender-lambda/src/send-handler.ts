import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { toBatchResponse } from '@rowferry/aws';
import type { Logger } from '@rowferry/runtime';
import { type AttemptAnswer, type AttemptRequest, decodeRequest } from '@rowferry/webhooks';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

export type SendHandlerSettings = {
  send: (request: AttemptRequest) => Promise<AttemptAnswer>;
  sqs: SQSClient;
  answersQueueUrl: string;
  logger: Logger;
};

/**
 * The handler of the queue of attempts to be made. One that comes too late, or a second time after its answer could not be sent,
 * is left out: the delivery comes due again when its claim expires.
 */
export function createSendHandler({ send, sqs, answersQueueUrl, logger }: SendHandlerSettings) {
  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const failures = new Map<string, unknown>();
    await Promise.all(
      Records.map(({ messageId, body }) =>
        attempt(body).catch((error: unknown) => {
          logger.warn({ messageId, err: error }, 'attempt of a webhook not made, or its answer not sent');
          failures.set(messageId, error);
        }),
      ),
    );
    return toBatchResponse(failures);
  };

  async function attempt(body: string): Promise<void> {
    const request = decodeRequest(body);
    if (new Date() > new Date(request.notAfter))
      return logger.warn({ deliveryId: request.deliveryId, attempt: request.attempt }, 'attempt of a webhook too late');
    const answer = await send(request);
    await sqs.send(new SendMessageCommand({ QueueUrl: answersQueueUrl, MessageBody: JSON.stringify(answer) }));
  }
}
