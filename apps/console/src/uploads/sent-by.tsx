import { Text } from '@mantine/core';
import type { Upload } from '../api/types.ts';
import { useTexts } from '../texts/texts.tsx';

/** Who sent a file, as they were called then. */
export function SentBy({ sender }: { sender: Upload['sentBy'] }) {
  const { uploads: texts } = useTexts();
  if (sender === null) {
    return (
      <Text span size="sm" c="dimmed">
        {texts.sentByNobody}
      </Text>
    );
  }
  const name = sender.name ?? sender.id;
  return (
    <Text span size="sm" title={sender.id}>
      {sender.kind === 'key' ? texts.sentByKey(name) : name}
    </Text>
  );
}
