import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { generateWebhookSecret, signatureHeaders } from './signature.ts';

const BODY = '{"type":"upload.completed","data":{"fileName":"名簿 – ü"}}';

test('the headers are those of the specification’s own example', () => {
  // https://github.com/standard-webhooks/standard-webhooks: the test vector of its libraries.
  const headers = signatureHeaders(
    { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', time: new Date(1614265330_000), body: '{"test": 2432232314}' },
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  );
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('the published library verifies them by either of two secrets, and by no other', () => {
  const [old, current] = [generateWebhookSecret(), generateWebhookSecret()];
  const headers = signatureHeaders({ id: 'evt', time: new Date(), body: BODY }, [current, old]);

  expect(old).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
  for (const secret of [old, current]) expect(new Webhook(secret).verify(BODY, headers)).toEqual(JSON.parse(BODY));
  expect(() => new Webhook(generateWebhookSecret()).verify(BODY, headers)).toThrow(WebhookVerificationError);
  expect(() => new Webhook(current).verify(`${BODY} `, headers)).toThrow(WebhookVerificationError);
  expect(() => new Webhook(current).verify(BODY, { ...headers, 'webhook-id': 'other' })).toThrow(
    WebhookVerificationError,
  );
});
