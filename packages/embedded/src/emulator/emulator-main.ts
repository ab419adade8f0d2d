/**
 * The process of the S3 and SQS emulator, started by `startEmulator` with an IPC channel:
 * `node emulator-main.ts <data directory> <port> <durable|ephemeral>`. It reports its port, or why there is none.
 */
import { rmSync } from 'node:fs';
import { EmbeddedError, errorCode } from '../host/embedded-error.ts';
import { portError } from '../host/free-port.ts';
import type { EmulatorCredentials } from './credentials.ts';
import { runEmulator } from './run-emulator.ts';

/** The one message from this process to its parent. */
export type EmulatorReport =
  | { readonly port: number; readonly credentials: EmulatorCredentials }
  | { readonly failure: string; readonly stack?: string };

const [dataDir = '', portText = '0', durability = 'durable'] = process.argv.slice(2);
const port = Number(portText);

// Ctrl-C and a closed terminal reach every process of a run. The parent stops this one when its turn has come.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});

try {
  const durable = durability === 'durable';
  const emulator = await runEmulator({ dataDir, port, durable, credentials: givenCredentials() });
  const leave = async () => {
    await emulator.close();
    if (durability === 'ephemeral') rmSync(dataDir, { recursive: true, force: true });
    process.exit(0);
  };
  // The parent died or disconnected. What was answered is on disk, so nothing is lost.
  process.once('disconnect', leave);
  report({ port: emulator.port, credentials: emulator.credentials });
  if (!process.connected) await leave();
} catch (error) {
  report(explain(error));
  process.exit(1);
}

/** In the environment, which only the same user can read, and not in the arguments, which everybody can. */
function givenCredentials(): EmulatorCredentials | undefined {
  const { EMULATOR_ACCESS_KEY_ID: accessKeyId, EMULATOR_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
}

function report(message: EmulatorReport): void {
  process.send?.(message);
}

function explain(error: unknown): EmulatorReport {
  const known = portError(error, port, 'S3 and SQS');
  if (known instanceof EmbeddedError) return { failure: known.message };
  const code = errorCode(error);
  const unwritable =
    code === 'EACCES' || code === 'EROFS' || code === 'ENOSPC' || code === 'ENOTDIR' || code === 'ERR_SQLITE_ERROR';
  const reason = error instanceof Error ? error.message : String(error);
  if (unwritable)
    return { failure: `The data directory ${dataDir} can't be used (${reason}): set DATA_DIR to one you can write` };
  return {
    failure: `S3 and SQS did not start: ${reason}`,
    ...(error instanceof Error && error.stack ? { stack: error.stack } : {}),
  };
}
