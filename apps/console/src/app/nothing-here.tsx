import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { useTexts } from '../texts/texts.tsx';

/** The page at an address where there is none. */
export function NothingHere() {
  const { nothingHere: texts, nav } = useTexts();
  return (
    <Stack align="start" py="xl">
      <Title order={1}>{texts.title}</Title>
      <Text c="dimmed">{texts.help}</Text>
      <Group gap="xs">
        <Button component={Link} to="/">
          {nav.send}
        </Button>
        <Button component={Link} to="/uploads" variant="default">
          {nav.uploads}
        </Button>
        <Button component={Link} to="/employees" variant="default">
          {nav.employees}
        </Button>
      </Group>
    </Stack>
  );
}
