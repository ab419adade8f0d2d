import express, { type Express } from 'express';
import { pinoHttp } from 'pino-http';
import { employeeRoutes } from './employees/routes.ts';
import { notFound, problemHandler } from './problems/problem-handler.ts';
import { type UploadRouteSettings, uploadRoutes } from './uploads/routes.ts';

/** The API as an Express app; it does not listen yet. */
export function createApp(settings: UploadRouteSettings): Express {
  const { database, logger } = settings;
  const app = express();
  app.disable('x-powered-by');
  // Paths are logged without their query: a search term can be a person's name.
  app.use(
    pinoHttp({
      logger,
      useLevel: 'debug',
      serializers: { req: ({ method, url }: { method: string; url: string }) => ({ method, path: url.split('?')[0] }) },
    }),
  );
  app.use(uploadRoutes(settings));
  app.use(employeeRoutes(database));
  app.use(notFound);
  app.use(problemHandler(logger));
  return app;
}
