import { ROWFERRY } from '../rowferry.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

/** What a list has no use for, but the API must be told. */
const ELSEWHERE = {
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'rowferry',
  AWS_SECRET_ACCESS_KEY: 'rowferry',
  ROW_QUEUE_URL: 'http://127.0.0.1:9/rows',
  SEGMENT_QUEUE_URL: 'http://127.0.0.1:9/segments',
  UPLOAD_BUCKET: 'none',
};

/** `rowferry api` on a free port. */
export function startApiProcess(databaseUrl: string): Promise<ServerProcess> {
  return startServerProcess(ROWFERRY, ['api'], {
    ...ELSEWHERE,
    DATABASE_URL: databaseUrl,
    PORT: '0',
    LOG_LEVEL: 'info',
    RATE_LIMIT_PER_MINUTE: '1000000000',
  });
}
