import { Anchor } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { MouseEvent, ReactNode } from 'react';
import { API_BASE, fetchWithKey } from '../api/client.ts';
import { hasCredentials } from '../api/credentials.ts';
import { toProblemError } from '../api/problem.ts';
import { useTexts } from '../texts/texts.tsx';

/** A file of the API. With credentials it cannot be a plain link: a browser sends none with one. */
export function DownloadLink({ path, children }: { path: string; children: ReactNode }) {
  const texts = useTexts();
  const onClick = (event: MouseEvent) => {
    if (!hasCredentials()) return;
    event.preventDefault();
    save(path).catch((error: Error) =>
      notifications.show({
        title: texts.problem.title,
        message: error.message || texts.problem.unanswered,
        color: 'red',
        closeButtonProps: { 'aria-label': texts.close },
      }),
    );
  };
  return (
    <Anchor href={`${API_BASE}${path}`} download size="sm" onClick={onClick}>
      {children}
    </Anchor>
  );
}

async function save(path: string): Promise<void> {
  const response = await fetchWithKey(path);
  if (!response.ok) throw toProblemError(response.status, await response.json().catch(() => undefined));
  const name = /filename="?([^";]+)/.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = name ?? 'rowferry.csv';
  link.click();
  URL.revokeObjectURL(link.href);
}
