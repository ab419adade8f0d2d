import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { useTexts } from '../texts/texts.tsx';
import { usePages } from './pages.ts';

/** The page at an address where there is none. */
export function NothingHere() {
  const { nothingHere: texts } = useTexts();
  return (
    <Stack align="start" py="xl">
      <Title order={1}>{texts.title}</Title>
      <Text c="dimmed">{texts.help}</Text>
      <Group gap="xs">
        {usePages().map(({ to, text }) => (
          <Button key={to} component={Link} to={to} variant={to === '/' ? 'filled' : 'default'}>
            {text}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}
