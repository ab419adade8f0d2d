import { QueryClient } from '@tanstack/react-query';
import { mayRetry } from './client.ts';
import { ProblemError } from './problem.ts';

const SECOND = 1000;
/** A server that starts again is back in some seconds. */
const ATTEMPTS_MAX = 5;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2 * SECOND,
      retry: (attempts, error) => attempts < ATTEMPTS_MAX && error instanceof ProblemError && mayRetry(error),
      retryDelay: (attempt) => Math.min(8, 2 ** attempt) * SECOND,
      // A server on this machine is reached without a network.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});
