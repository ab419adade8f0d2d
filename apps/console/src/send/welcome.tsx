import { Button, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { client, dataOf } from '../api/client.ts';
import { useTexts } from '../texts/texts.tsx';
import { EXAMPLE_NAMES, exampleFile } from './examples.ts';

/** What to do here, for who is the first: nothing once a file was uploaded. */
export function Welcome({ onFile }: { onFile: (file: File) => void }) {
  const { welcome: texts } = useTexts();
  const uploads = useQuery({
    queryKey: ['uploads', 'any'],
    queryFn: ({ signal }) => dataOf(client.GET('/v1/uploads', { params: { query: { limit: 1 } }, signal })),
  });
  if (uploads.data?.data.length !== 0) return null;
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Title order={2}>{texts.title}</Title>
        <List type="ordered" spacing="xs">
          {texts.steps.map((step) => (
            <List.Item key={step}>{step}</List.Item>
          ))}
        </List>
        <Text id="examples" mt="xs">
          {texts.examples}
        </Text>
        <Group gap="xs" component="ul" p={0} m={0} aria-labelledby="examples" style={{ listStyle: 'none' }}>
          {EXAMPLE_NAMES.map((name) => (
            <li key={name}>
              <Button variant="light" size="xs" onClick={async () => onFile(await exampleFile(name))}>
                {texts.example[name]}
              </Button>
            </li>
          ))}
        </Group>
      </Stack>
    </Paper>
  );
}
