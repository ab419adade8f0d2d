export {
  type Environment,
  EnvironmentError,
  readEnvironment,
  refuseFaultsInProduction,
  type VariableName,
} from './environment.ts';
export { createLogger, type Logger } from './logger.ts';
export { runMain } from './main.ts';
export { stopOnSignal } from './stop.ts';
