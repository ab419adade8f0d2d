import { useQuery } from '@tanstack/react-query';
import { client, dataOf } from '../api/client.ts';

/** Where people sign in; null where they use API keys. */
export function useSignIn() {
  return useQuery({
    queryKey: ['sign-in'],
    queryFn: async ({ signal }) => (await dataOf(client.GET('/v1/sign-in', { signal }))).signIn,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
