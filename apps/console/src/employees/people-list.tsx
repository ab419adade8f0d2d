import { Box, Text } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { Employee } from '../api/types.ts';
import { useTexts } from '../texts/texts.tsx';

const ROW_HEIGHT = 64;
/** Rows that are made beyond what is seen. */
const OVERSCAN = 10;

type Props = { people: readonly Employee[]; hasMore: boolean; onMore: () => void };

/** A list of any length: only the rows that are seen are in the page. */
export function PeopleList({ people, hasMore, onMore }: Props) {
  const texts = useTexts();
  const list = useRef<HTMLDivElement>(null);
  const rows = useWindowVirtualizer({
    count: people.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    scrollMargin: list.current?.offsetTop ?? 0,
  });
  const seen = rows.getVirtualItems();
  const last = seen.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= people.length - 1 - OVERSCAN) onMore();
  }, [hasMore, last, people.length, onMore]);
  return (
    <div ref={list}>
      <Box component="ul" pos="relative" m={0} p={0} h={rows.getTotalSize()} style={{ listStyle: 'none' }}>
        {seen.map(({ index, start }) => {
          const person = people[index];
          if (person === undefined) return null;
          return (
            <Box
              component="li"
              key={person.id}
              pos="absolute"
              top={start - rows.options.scrollMargin}
              left={0}
              right={0}
              h={ROW_HEIGHT}
              aria-setsize={hasMore ? -1 : people.length}
              aria-posinset={index + 1}
              style={{ borderTop: '1px solid var(--mantine-color-default-border)' }}
            >
              <PersonRow person={person} noNumber={texts.people.noNumber} />
            </Box>
          );
        })}
      </Box>
      {hasMore ? <Text size="sm">{texts.people.loading}</Text> : null}
    </div>
  );
}

function PersonRow({ person, noNumber }: { person: Employee; noNumber: string }) {
  return (
    <Box display="grid" h="100%" style={{ gridTemplateColumns: '1fr 1fr', alignItems: 'center', gap: 12 }}>
      <div>
        <Text truncate fw={550}>
          {person.employee_name}
        </Text>
        <Text truncate size="sm" c="dimmed">
          {person.company_name}
        </Text>
      </div>
      <div>
        <Text truncate size="sm">
          {person.email}
        </Text>
        <Text truncate size="sm" c="dimmed">
          {person.mobile_no ?? noNumber}
        </Text>
      </div>
    </Box>
  );
}
