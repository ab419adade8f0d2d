export { type Backoff, backoffMs, withJitter } from './backoff.ts';
export { usesIamTokens } from './database-server.ts';
export { findDatabaseUrl } from './database-url.ts';
export { detachBuffer } from './detach-buffer.ts';
export {
  checkEnvironment,
  type Environment,
  objectQueueOf,
  readEnvironment,
  refuseFaultsInProduction,
  type VariableName,
} from './environment.ts';
export { EnvironmentError } from './environment-error.ts';
export { errorForLog, type LoggedError } from './error-for-log.ts';
export { freeDiskBytes } from './free-disk.ts';
export { awaitEnvironment, ENVIRONMENT_FOLLOWS, environmentChanges } from './later-environment.ts';
export { metricOfOutcome, withMetrics } from './log-metrics.ts';
export { createLogger, type LineWriter, type Logger, readableLog } from './logger.ts';
export { runMain } from './main.ts';
export { processMetrics } from './process-metrics.ts';
export { stopOnSignal } from './stop.ts';
export { TimeSlice } from './time-slice.ts';
export { currentTrace, runInTrace } from './trace.ts';
export { VERSION } from './version.ts';
