import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { API_BASE, client } from '../api/client.ts';
import { authorization, credentialsVersion, onCredentials } from '../api/credentials.ts';
import type { NotificationPage } from '../api/types.ts';

const POLL_MS = 5000;
const SHOWN = 10;

/** The newest notifications, asked for again and again; undefined while they cannot be had. */
export function useNotifications() {
  const queries = useQueryClient();
  const version = useSyncExternalStore(onCredentials, credentialsVersion);
  const queryKey = ['notifications', version];
  const { data } = useQuery({
    queryKey,
    queryFn: ({ signal }) => newest(signal),
    retry: false,
    // Who is not let in is not let in the next time either, until there are other credentials.
    refetchInterval: ({ state }) => (state.data === null ? false : POLL_MS),
  });
  const reading = useMutation({
    mutationFn: (sequence: number) => client.PUT('/v1/notifications/read-up-to', { body: { sequence } }),
    onSuccess: () => queries.invalidateQueries({ queryKey }),
  });
  return { page: data ?? undefined, markRead: reading.mutate };
}

/** Null where the caller is not let in: a bell is no reason to ask for a key, as the client does. */
async function newest(signal: AbortSignal): Promise<NotificationPage | null> {
  const headers = await authorization();
  const response = await fetch(`${API_BASE}/v1/notifications?limit=${SHOWN}`, { headers, signal });
  if (response.status === 401 || response.status === 403) return null;
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}
