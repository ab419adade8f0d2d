import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { client, dataOf } from '../api/client.ts';
import { credentialsVersion, onCredentials } from '../api/credentials.ts';
import { followUpload } from '../api/follow-upload.ts';
import { isFinished, type Upload } from '../api/types.ts';
import type { Texts } from '../texts/en.ts';
import { formatPercent } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';
import { notify } from './notify-button.tsx';

/** An upload as it goes on, until nothing more will come. The tab's title says how far it is. */
export function useUpload(id: string) {
  const { upload: texts, close } = useTexts();
  const queries = useQueryClient();
  const [isConnected, setConnected] = useState(true);
  const query = useQuery({
    queryKey: ['upload', id],
    queryFn: ({ signal }) => dataOf(client.GET('/v1/uploads/{id}', { params: { path: { id } }, signal })),
  });
  const upload = query.data;
  const isOpen = upload !== undefined && !isFinished(upload.status);

  const version = useSyncExternalStore(onCredentials, credentialsVersion);

  // biome-ignore lint/correctness/useExhaustiveDependencies: with other credentials it is followed again
  useEffect(() => {
    if (!isOpen) return;
    const end = new AbortController();
    void followUpload(id, end.signal, {
      onConnection: setConnected,
      onUpload: (next: Upload) => {
        queries.setQueryData(['upload', id], next);
        if (!isFinished(next.status)) return;
        const { text, color } = toldOf(next, texts);
        notifications.show({
          message: text,
          color,
          closeButtonProps: { 'aria-label': close },
        });
        notify(text, id);
        void queries.invalidateQueries({ queryKey: ['failed-rows', id] });
        void queries.invalidateQueries({ queryKey: ['uploads'] });
      },
    });
    return () => end.abort();
  }, [id, isOpen, queries, texts, close, version]);

  useEffect(() => {
    if (upload === undefined) return;
    const share = upload.progress === null ? '' : `${formatPercent(upload.progress)} `;
    document.title = `${isFinished(upload.status) ? '✓ ' : share}${upload.fileName} · Rowferry`;
    return () => {
      document.title = 'Rowferry';
    };
  }, [upload]);

  return { upload, error: query.error, isConnected, retry: () => void query.refetch() };
}

/** What is said of an upload that has ended. */
function toldOf({ status, fileName }: Upload, texts: Texts['upload']): { text: string; color: string } {
  if (status === 'failed') return { text: texts.failed(fileName), color: 'red' };
  if (status === 'completed_with_errors') return { text: texts.doneWithErrors(fileName), color: 'orange' };
  return { text: texts.done(fileName), color: 'teal' };
}
