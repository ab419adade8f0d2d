import { Alert, List, Text } from '@mantine/core';
import type { Warning } from '../api/types.ts';
import { formatNumber } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';

/** What was guessed of a file and what looks damaged in it; nothing without any. */
export function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  const { send: texts } = useTexts();
  if (warnings.length === 0) return null;
  return (
    <Alert color="yellow" variant="light" title={texts.warnings}>
      <List size="sm" spacing={4}>
        {warnings.map(({ code, column, text, lines }) => (
          <List.Item key={`${code} ${column}`}>
            {text}
            {lines.length > 0 ? (
              <Text span size="sm" c="dimmed">
                {' '}
                {texts.lines(lines.map(formatNumber).join(', '))}
              </Text>
            ) : null}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
