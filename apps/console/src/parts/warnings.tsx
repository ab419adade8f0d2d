import { Alert, List, Text } from '@mantine/core';
import type { Warning } from '../api/types.ts';
import { useTexts } from '../texts/texts.tsx';

/** What was guessed of a file and what looks damaged in it, names that change first; nothing without any. */
export function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  const { send: texts } = useTexts();
  if (warnings.length === 0) return null;
  return (
    <Alert color="yellow" variant="light" title={texts.warnings}>
      <List size="sm" spacing="xs">
        {warnings
          .toSorted((a, b) => rankOf(a) - rankOf(b))
          .map(({ code, column, text, lines }) => (
            <List.Item key={`${code} ${column}`}>
              {text}
              {lines.length > 0 ? (
                <Text span size="sm">
                  {' '}
                  {texts.linesOf(lines, false)}
                </Text>
              ) : null}
            </List.Item>
          ))}
      </List>
    </Alert>
  );
}

/** Where many people change their name, a column or the encoding was read wrongly: nothing else does as much harm. */
function rankOf({ code }: Warning): number {
  return code === 'names_changed' ? 0 : 1;
}
