import { Group, NativeSelect, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { client, dataOf } from '../api/client.ts';
import { PAGE_ROWS, usePages } from '../long-list/use-pages.ts';
import { DownloadLink } from '../parts/download-link.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { useTexts } from '../texts/texts.tsx';
import { PeopleList } from './people-list.tsx';
import { PersonDrawer } from './person-drawer.tsx';

const TYPING_MS = 200;
const SORTS = ['id', '-createdAt', 'employee_name', 'company_name', 'email'] as const;
const PERSON = 'person';

/** People as they are after all imports: searched as one types, and scrolled to the end. */
export function EmployeesPage() {
  const texts = useTexts();
  const filter = useFilter();
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
      <People filter={filter} />
    </Stack>
  );
}

/** Apart from the fields above it, which do not change while somebody scrolls. */
function People({ filter }: { filter: ReturnType<typeof useFilter> }) {
  const texts = useTexts();
  const list = usePages(['employees', filter.query], (page, signal) => {
    const query = { limit: PAGE_ROWS, page, ...filter.query };
    return dataOf(client.GET('/v1/employees', { params: { query }, signal }));
  });
  const isFiltered = Object.keys(filter.query).some((name) => name !== 'sort');
  return (
    <>
      {list.error ? <ProblemAlert error={list.error} onRetry={list.retry} /> : null}
      {list.isPending && !list.error ? <Skeleton h={400} /> : null}
      {list.total ? (
        <Text size="sm" c="dimmed" role="status">
          {list.total.total === 0
            ? isFiltered
              ? texts.people.none
              : texts.people.noneAtAll
            : texts.people.total(list.total.total, list.total.totalRelation === 'gte')}
        </Text>
      ) : null}
      {list.count > 0 ? (
        <PeopleList
          // From the start, when something else is looked for.
          key={JSON.stringify(filter.query)}
          count={list.count}
          personAt={list.rowAt}
          linkTo={filter.linkTo}
          onRange={list.onRange}
        />
      ) : null}
      <PersonDrawer id={filter.person} onClose={filter.closePerson} />
    </>
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
  const person = parameters.get(PERSON);
  useEffect(() => {
    setParameters(withPerson(text, person), { replace: true });
  }, [text, person, setParameters]);
  return {
    query,
    term,
    setTerm,
    company,
    setCompany,
    sort,
    setSort,
    /** Who is shown beside the list. By id: an address in a URL would get into logs. */
    person,
    linkTo: (id: number) => `?${withPerson(text, String(id))}`,
    closePerson: () => setParameters(text),
  };
}

function withPerson(text: string, person: string | null): URLSearchParams {
  const parameters = new URLSearchParams(text);
  if (person !== null) parameters.set(PERSON, person);
  return parameters;
}
