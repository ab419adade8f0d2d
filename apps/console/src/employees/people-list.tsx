import { Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { memo } from 'react';
import { Link } from 'react-router';
import type { Employee } from '../api/types.ts';
import { LongList, type RowRange } from '../long-list/long-list.tsx';
import { useTexts } from '../texts/texts.tsx';

const WIDE = '(min-width: 62em)';
const ROW_HEIGHT = { narrow: 64, wide: 44 };

type Props = {
  count: number;
  /** Undefined while it is not there yet. */
  personAt: (index: number) => Employee | undefined;
  /** Where a person is shown. */
  linkTo: (id: number) => string;
  onRange: (range: RowRange) => void;
};

/** People, however many: in one line each where there is room for it. */
export function PeopleList({ count, personAt, linkTo, onRange }: Props) {
  const { people, columns } = useTexts();
  const isWide = useMediaQuery(WIDE, window.matchMedia(WIDE).matches) ?? false;
  const row = (index: number) => {
    const person = personAt(index);
    return person === undefined ? (
      WAITING
    ) : (
      <PersonRow person={person} to={linkTo(person.id)} noNumber={people.noNumber} />
    );
  };
  return (
    <div>
      {isWide ? (
        <div className="person-row person-header" aria-hidden="true">
          {['employee_name', 'company_name', 'email', 'mobile_no'].map((column) => (
            <Text size="sm" fw={600} key={column}>
              {columns[column]}
            </Text>
          ))}
        </div>
      ) : null}
      <LongList
        label={people.title}
        count={count}
        rowHeight={isWide ? ROW_HEIGHT.wide : ROW_HEIGHT.narrow}
        row={row}
        onRange={onRange}
      />
    </div>
  );
}

type RowProps = { person: Employee; to: string; noNumber: string };

/** Plain elements, made again only for another person: dozens of them are made while somebody scrolls. */
const PersonRow = memo(({ person, to, noNumber }: RowProps) => (
  <Link className="person-row" to={to} preventScrollReset>
    <div className="person-cells">
      <div className="person-cell">{person.employee_name}</div>
      <div className="person-cell person-weak">{person.company_name}</div>
    </div>
    <div className="person-cells">
      <div className="person-cell">{person.email}</div>
      <div className="person-cell person-weak">{person.mobile_no ?? noNumber}</div>
    </div>
  </Link>
));

const WAITING = (
  <div className="person-row" aria-hidden="true">
    <div className="person-waiting" />
    <div className="person-waiting" />
  </div>
);
