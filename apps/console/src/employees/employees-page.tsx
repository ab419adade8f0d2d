import { Group, NativeSelect, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { client, dataOf } from '../api/client.ts';
import { DownloadLink } from '../parts/download-link.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { useTexts } from '../texts/texts.tsx';
import { PeopleList } from './people-list.tsx';

const LIMIT = 100;
const TYPING_MS = 200;
const SORTS = ['id', 'employee_name', 'company_name', 'email'] as const;

/** People as they are after all imports: searched as one types, and scrolled to the end. */
export function EmployeesPage() {
  const texts = useTexts();
  const filter = useFilter();
  const list = useInfiniteQuery({
    queryKey: ['employees', filter.query],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: LIMIT, ...filter.query, ...(pageParam === null ? {} : { cursor: pageParam }) };
      return dataOf(client.GET('/v1/employees', { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ pagination }) => pagination.nextCursor,
  });
  const first = list.data?.pages[0];
  const people = list.data?.pages.flatMap(({ data }) => data) ?? [];
  const isFiltered = Object.keys(filter.query).some((name) => name !== 'sort');
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1}>{texts.people.title}</Title>
        <DownloadLink path={`/v1/employees.csv?${new URLSearchParams(filter.query)}`}>
          {texts.people.download}
        </DownloadLink>
      </Group>
      <Group grow align="end" preventGrowOverflow={false}>
        <TextInput
          type="search"
          miw={200}
          label={texts.people.search}
          value={filter.term}
          onChange={(event) => filter.setTerm(event.currentTarget.value)}
        />
        <TextInput
          miw={140}
          label={texts.people.company}
          value={filter.company}
          onChange={(event) => filter.setCompany(event.currentTarget.value)}
        />
        <NativeSelect
          miw={140}
          label={texts.people.sort}
          value={filter.sort}
          onChange={(event) => filter.setSort(event.currentTarget.value)}
          data={SORTS.map((value) => ({ value, label: texts.people.sorts[value] ?? value }))}
        />
      </Group>
      {list.error ? <ProblemAlert error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <Skeleton h={400} /> : null}
      {first ? (
        <Text size="sm" c="dimmed" role="status">
          {first.pagination.total === 0
            ? isFiltered
              ? texts.people.none
              : texts.people.noneAtAll
            : texts.people.total(first.pagination.total, first.pagination.totalRelation === 'gte')}
        </Text>
      ) : null}
      {people.length > 0 ? (
        <PeopleList
          people={people}
          hasMore={list.hasNextPage}
          onMore={() => {
            if (!list.isFetchingNextPage) void list.fetchNextPage();
          }}
        />
      ) : null}
    </Stack>
  );
}

/** What is looked for. It is in the URL, so that a link to it can be sent, once nobody types any more. */
function useFilter() {
  const [parameters, setParameters] = useSearchParams();
  const [term, setTerm] = useState(parameters.get('searchTerm') ?? '');
  const [company, setCompany] = useState(parameters.get('company') ?? '');
  const [sort, setSort] = useState<string>(parameters.get('sort') ?? 'id');
  const [typedTerm] = useDebouncedValue(term.trim(), TYPING_MS);
  const [typedCompany] = useDebouncedValue(company.trim(), TYPING_MS);
  const query: Record<string, string> = {
    ...(typedTerm === '' ? {} : { searchTerm: typedTerm }),
    ...(typedCompany === '' ? {} : { company: typedCompany }),
    ...(SORTS.some((known) => known === sort) && sort !== 'id' ? { sort } : {}),
  };
  const text = new URLSearchParams(query).toString();
  useEffect(() => {
    setParameters(text, { replace: true });
  }, [text, setParameters]);
  return { query, term, setTerm, company, setCompany, sort, setSort };
}
