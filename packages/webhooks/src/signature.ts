import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

const PREFIX = 'whsec_';
/** Standard Webhooks asks for 24 to 64 (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md). */
const SECRET_BYTES = 32;

/** A new secret, as receivers configure it. */
export function generateWebhookSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

export type Signed = {
  /** The id of the event: the same when it is delivered again. */
  id: string;
  /** When the attempt is made: receivers refuse what is more than five minutes old. */
  time: Date;
  body: string;
};

/** The headers of Standard Webhooks. While a secret is being replaced there is a signature by each. */
export function signatureHeaders({ id, time, body }: Signed, secrets: readonly string[]): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(time.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, time, body)).join(' '),
  };
}
