import type { components, paths } from './schema.d.ts';

type Schemas = components['schemas'];

export type Upload = Schemas['Upload'];
export type UploadStatus = Upload['status'];
export type Outcome = keyof Upload['counts'];
export type DryRun = Schemas['DryRun'];
export type UploadPlan = Schemas['UploadPlan'];
export type Limits = Schemas['Limits'];
export type Employee = Schemas['Employee'];
export type EmployeeDetails = Schemas['EmployeeDetails'];
export type Operations = Schemas['Operations'];
export type ApiKey = Schemas['ApiKey'];
export type CreatedApiKey = Schemas['CreatedApiKey'];
export type Scope = ApiKey['scopes'][number];
/** What a key may allow, in the order in which it is shown. */
export const SCOPES = ['read', 'upload', 'operate'] as const satisfies readonly Scope[];
export type FailedRow = Schemas['FailedRow'];
export type Notification = Schemas['Notification'];
export type NotificationPage = paths['/v1/notifications']['get']['responses'][200]['content']['application/json'];
export type Problem = Schemas['Problem'];
export type Warning = Schemas['Warning'];
export type Webhook = Schemas['Webhook'];
export type WebhookWithSecret = Schemas['WebhookWithSecret'];
export type WebhookDelivery = Schemas['WebhookDelivery'];
export type AttemptError = NonNullable<WebhookDelivery['attempts'][number]['error']>;
export type EventType = Schemas['NewWebhook']['types'][number];
export type SignIn = NonNullable<
  paths['/v1/sign-in']['get']['responses'][200]['content']['application/json']['signIn']
>;

/** In the order in which they are shown: from good to bad. */
export const OUTCOMES = [
  'inserted',
  'updated',
  'unchanged',
  'superseded',
  'rejected',
  'dead',
] as const satisfies readonly Outcome[];

export const STATUSES = [
  'receiving',
  'received',
  'processing',
  'completed',
  'completed_with_errors',
  'stalled',
  'failed',
] as const satisfies readonly UploadStatus[];

/** Whether an upload changes no more by itself. */
export function isFinished(status: UploadStatus): boolean {
  return status === 'completed' || status === 'completed_with_errors' || status === 'failed';
}

/** What the issuer gave for a sign-in. */
export type Tokens = {
  accessToken: string;
  /** When the access token ends, in milliseconds of `Date.now()`. */
  expiresAt: number;
  refreshToken: string | null;
  /** Who signed in, as the issuer calls them; null where it does not say. */
  name: string | null;
  /** Where it was, which renews them. */
  signIn: SignIn;
};
