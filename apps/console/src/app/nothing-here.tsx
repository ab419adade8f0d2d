import { Text, Title } from '@mantine/core';
import { useTexts } from '../texts/texts.tsx';

export function NothingHere() {
  const texts = useTexts();
  return (
    <>
      <Title order={1}>404</Title>
      <Text mt="md">{texts.nothingHere}</Text>
    </>
  );
}
