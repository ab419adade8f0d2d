export { createApp } from './app.ts';
export { ListenError, type RunningApi } from './server.ts';
export { API_OPTIONAL_VARIABLES, API_VARIABLES, startApi } from './start-api.ts';
