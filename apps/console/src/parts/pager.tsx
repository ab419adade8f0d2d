import { Button, type ButtonProps, Group } from '@mantine/core';
import { useTexts } from '../texts/texts.tsx';

type PagerProps = { page: number; isLast: boolean; onPage: (page: number) => void; size?: ButtonProps['size'] };

/** To the page before and after, of a list whose newest entries come first. */
export function Pager({ page, isLast, onPage, size = 'sm' }: PagerProps) {
  const { uploads: texts } = useTexts();
  return (
    <Group justify="space-between">
      <Button size={size} variant="default" disabled={page === 1} onClick={() => onPage(page - 1)}>
        {texts.newer}
      </Button>
      <Button size={size} variant="default" disabled={isLast} onClick={() => onPage(page + 1)}>
        {texts.older}
      </Button>
    </Group>
  );
}
