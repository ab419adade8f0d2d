import { Button, Paper, Stack, Text, Title } from '@mantine/core';
import type { DryRun } from '../api/types.ts';
import { useTexts } from '../texts/texts.tsx';

type Props = { encodings: DryRun['encodings']; onEncoding: (encoding: string) => void };

/** What a file would say in each encoding that it may be in, for a person to choose by reading; nothing where it is clear. */
export function Encodings({ encodings, onEncoding }: Props) {
  const { send: texts } = useTexts();
  if (encodings.length === 0) return null;
  return (
    <Paper withBorder p="md">
      <Title order={2} mb="xs">
        {texts.encodings}
      </Title>
      <Stack gap="xs" align="start">
        {encodings.map(({ encoding, cells }) => (
          <Button key={encoding} variant="default" h="auto" py={6} onClick={() => onEncoding(encoding)}>
            <Text span size="sm" style={{ whiteSpace: 'normal', textAlign: 'start' }}>
              {cells.join(' · ')}{' '}
              <Text span size="sm" c="dimmed">
                {encoding}
              </Text>
            </Text>
          </Button>
        ))}
      </Stack>
    </Paper>
  );
}
