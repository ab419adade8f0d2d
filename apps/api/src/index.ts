export { createApp } from './app.ts';
export { ListenError, type RunningApi } from './http/listen.ts';
export { API_OPTIONAL_VARIABLES, API_VARIABLES, startApi } from './start-api.ts';
