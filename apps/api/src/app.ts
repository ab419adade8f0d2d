import type { Logger } from '@rowferry/runtime';
import express, { type Express } from 'express';
import { Access, type AccessSettings } from './access/access.ts';
import { apiKeyRoutes } from './access/routes.ts';
import { type BackfillSettings, backfillRoutes } from './backfills/routes.ts';
import { consolePage } from './console/console-page.ts';
import { docsRoutes } from './contract/docs/routes.ts';
import { type Route, routerOf } from './contract/serve.ts';
import { apiDocument } from './contracts.ts';
import { employeeRoutes } from './employees/routes.ts';
import { type FailedRowSettings, failedRowRoutes } from './failed-rows/routes.ts';
import { notFound, problemHandler } from './http/problem-handler.ts';
import { publicPrefix } from './http/public-prefix.ts';
import { requestLog } from './http/request-log.ts';
import { requestTrace } from './http/request-trace.ts';
import { crossOrigin, limitRate, safeHeaders } from './http/safety.ts';
import { profileRoutes } from './import-settings/routes.ts';
import { notificationRoutes } from './notifications/routes.ts';
import { Metrics, type MetricsSettings } from './operations/metrics.ts';
import { operatingRoutes } from './operations/routes.ts';
import { signInRoutes } from './sign-in/routes.ts';
import type { SignIn } from './sign-in/sign-in.ts';
import { type BucketOriginFor, bucketOrigin } from './uploads/direct/bucket-origin.ts';
import { type DirectUploadSettings, directUploadRoutes } from './uploads/direct/routes.ts';
import { type MultipartSettings, multipartRoutes } from './uploads/multipart/routes.ts';
import { type ProgressSettings, progressRoutes } from './uploads/progress/routes.ts';
import { uploadRoutes } from './uploads/routes.ts';
import { type WebhookSettings, webhookRoutes } from './webhooks/routes.ts';

export type ApiSettings = MultipartSettings &
  DirectUploadSettings &
  BackfillSettings &
  FailedRowSettings &
  MetricsSettings &
  ProgressSettings &
  WebhookSettings & {
    logger: Logger;
    access: AccessSettings;
    /** Where people sign in; undefined where they use API keys. */
    signIn?: SignIn | undefined;
    /** Requests a minute of one caller. */
    rateLimitPerMinute: number;
    /** Proxies in front whose X-Forwarded-For tells a client's address. */
    trustedProxies: number;
    /** Where clients see the API, behind a proxy that takes a prefix off its paths. */
    publicUrl: string | undefined;
  };

/** The API as an Express app; it does not listen yet. */
export function createApp(settings: ApiSettings): Express {
  const access = new Access(settings.access);
  const metrics = new Metrics(settings);
  const bucketOriginFor = bucketOrigin(settings);
  const routes = apiRoutes(settings, metrics, bucketOriginFor);
  const paths = routes.map(({ contract }) => contract.path);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', settings.trustedProxies);
  app.use(requestTrace(), publicPrefix(settings.publicUrl));
  app.use(requestLog(settings.logger), metrics.countRequests());
  app.use(safeHeaders(), crossOrigin(settings.access.corsOrigins));
  app.use(consolePage(paths, { signIn: settings.signIn, bucketOriginFor }));
  app.use(access.identify, limitRate(settings.rateLimitPerMinute));
  app.use(routerOf(routes, (scope) => access.authorize(scope)));
  app.use(notFound(paths));
  app.use(problemHandler);
  return app;
}

/** Every route of the API. */
export function apiRoutes(settings: ApiSettings, metrics: Metrics, bucketOriginFor: BucketOriginFor): Route[] {
  return [
    // First, as lists are asked for most: Express tries one path after another.
    ...employeeRoutes(settings.database),
    ...multipartRoutes(settings),
    ...uploadRoutes(settings),
    ...directUploadRoutes(settings, bucketOriginFor),
    ...profileRoutes(settings),
    ...backfillRoutes(settings),
    ...failedRowRoutes(settings),
    ...progressRoutes(settings),
    ...apiKeyRoutes({ database: settings.database, keys: settings.access.keys }),
    ...notificationRoutes(settings.database),
    ...webhookRoutes(settings),
    ...operatingRoutes(settings, metrics),
    ...signInRoutes(settings.signIn),
    ...docsRoutes(apiDocument()),
  ];
}
