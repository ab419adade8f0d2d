export {
  ATTEMPT_ERRORS,
  type AttemptAnswer,
  type AttemptError,
  type AttemptRequest,
  decodeAnswer,
  decodeRequest,
} from './attempt.ts';
export { checkWebhookUrl, hostOf, WEBHOOK_URL_MAX } from './check-url.ts';
export { type Decision, type DeliveryState, decideAfter, RETRY_WINDOW_MS } from './next-attempt.ts';
export { ATTEMPT_TIMEOUT_MS, type SenderSettings, sendAttempt } from './send-attempt.ts';
export { generateWebhookSecret, signatureHeaders } from './signature.ts';
