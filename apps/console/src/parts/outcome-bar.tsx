import { Group, Progress, SimpleGrid, Text, Tooltip } from '@mantine/core';
import { OUTCOMES, type Outcome } from '../api/types.ts';
import { OUTCOME_COLOR } from '../app/theme.ts';
import { formatNumber } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';

type Counts = Record<Outcome, number>;

/** The rows of an upload by outcome, as a stacked bar with its legend. @param total null while it is not known. */
export function OutcomeBar({ counts, total, label }: { counts: Counts; total: number | null; label: string }) {
  const texts = useTexts();
  const all = total ?? OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0);
  const legend = OUTCOMES.map((outcome) => `${texts.outcomes[outcome]} ${formatNumber(counts[outcome])}`).join(', ');
  return (
    <>
      <Progress.Root size={20} radius="sm" role="img" aria-label={`${label}: ${legend}`}>
        {OUTCOMES.filter((outcome) => counts[outcome] > 0).map((outcome) => (
          <Progress.Section
            key={outcome}
            value={all === 0 ? 0 : (100 * counts[outcome]) / all}
            color={OUTCOME_COLOR[outcome]}
            className={`outcome-${outcome}`}
            withAria={false}
          />
        ))}
      </Progress.Root>
      <SimpleGrid cols={{ base: 2, xs: 3, md: 6 }} mt="sm" spacing="xs">
        {OUTCOMES.map((outcome) => (
          <OutcomeCount key={outcome} outcome={outcome} count={counts[outcome]} />
        ))}
      </SimpleGrid>
    </>
  );
}

function OutcomeCount({ outcome, count }: { outcome: Outcome; count: number }) {
  const texts = useTexts();
  return (
    <Tooltip label={texts.outcomeHelp[outcome]} events={{ hover: true, focus: true, touch: true }}>
      <Group gap="xs" wrap="nowrap" align="start">
        <Progress.Root size={16} w={16} mt={4} radius="sm" aria-hidden="true">
          <Progress.Section
            value={100}
            color={OUTCOME_COLOR[outcome]}
            className={`outcome-${outcome}`}
            withAria={false}
          />
        </Progress.Root>
        <div>
          <Text size="sm" c="dimmed">
            {texts.outcomes[outcome]}
          </Text>
          <Text fw={650} data-outcome={outcome} style={{ fontVariantNumeric: 'tabular-nums' }}>
            {formatNumber(count)}
          </Text>
        </div>
      </Group>
    </Tooltip>
  );
}
