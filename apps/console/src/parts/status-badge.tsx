import { Badge } from '@mantine/core';
import type { UploadStatus } from '../api/types.ts';
import { useTexts } from '../texts/texts.tsx';

const COLOR: Record<UploadStatus, string> = {
  receiving: 'gray',
  received: 'gray',
  processing: 'blue',
  completed: 'teal',
  completed_with_errors: 'orange',
  stalled: 'red',
  failed: 'red',
};

export function StatusBadge({ status }: { status: UploadStatus }) {
  const { statuses } = useTexts();
  return (
    <Badge color={COLOR[status]} variant="dot" tt="none" fw={600} miw="max-content" data-status={status}>
      {statuses[status]}
    </Badge>
  );
}
