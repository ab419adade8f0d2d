import { inject } from 'vitest';

/** The servers that the whole run shares; each test has a database, a bucket and queues of its own in them. */
export type Services = {
  /** A database to connect to for making others. */
  adminUrl: string;
  /** Name of the migrated database that each test's is a copy of. */
  template: string;
  /** S3 and SQS. */
  endpoint: string;
};

/** The keys of the run's S3 and SQS, which vitest.config.ts puts into the environment of every test. */
export const EMULATOR_CREDENTIALS = { accessKeyId: 'rowferry', secretAccessKey: 'rowferry' };

declare module 'vitest' {
  interface ProvidedContext {
    services: Services;
  }
}

export function services(): Services {
  return inject('services');
}
