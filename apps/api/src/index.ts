export { runCreateKey, runListKeys, runRevokeKey } from './access/manage-keys.ts';
export { createApp } from './app.ts';
export { ListenError, type RunningApi } from './http/listen.ts';
export { runApi } from './run-api.ts';
export { API_OPTIONAL_VARIABLES, API_VARIABLES, startApi } from './start-api.ts';
