import { Skeleton, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProblemAlert } from './problem-alert.tsx';

type Props = {
  list: { isPending: boolean; error: Error | null; count: number; retry: () => void };
  /** What is said where there is nothing. */
  none: string;
  children: ReactNode;
};

/** A list while it is loaded, when it could not be, when nothing is in it, and else itself. */
export function ListState({ list, none, children }: Props) {
  return (
    <>
      {list.error ? <ProblemAlert error={list.error} onRetry={list.retry} /> : null}
      {list.isPending && !list.error ? <Skeleton h={240} /> : null}
      {!list.isPending && !list.error && list.count === 0 ? <Text size="sm">{none}</Text> : null}
      {list.count > 0 ? children : null}
    </>
  );
}
