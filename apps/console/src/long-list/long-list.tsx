// biome-ignore-all lint/a11y/useSemanticElements: rows of a real table cannot be put where they would stand among a million
// biome-ignore-all lint/a11y/useFocusableInteractive: a row of a table is not interactive
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { type CSSProperties, type ReactNode, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { positionOf, scrollTo, shownHeight } from './scroll-position.ts';

/** Rows that are made beyond what is seen. */
const OVERSCAN = 8;

/** Which rows are in the page; `last` is one of them. */
export type RowRange = { first: number; last: number };

type Props = {
  label: string;
  count: number;
  rowHeight: number;
  /** A table has a header, which stays in sight, and may be wider than the page. */
  table?: { header: ReactNode; headerHeight: number; minWidth: number };
  row: (index: number) => ReactNode;
  /** Is told which rows are in the page, whenever these are others. */
  onRange: (range: RowRange) => void;
};

/** Rows of one height, however many there are: only those that are seen are in the page. */
export function LongList({ label, count, rowHeight, table, row, onRange }: Props) {
  const { ref: sizeRef, height } = useElementSize();
  const element = useRef<HTMLDivElement>(null);
  const ref = useMergedRef(sizeRef, element);
  const [position, setPosition] = useState({ shown: 0, real: 0 });
  const real = count * rowHeight;
  const view = Math.max(rowHeight, height - (table?.headerHeight ?? 0));
  const size = { real, view };
  const first = Math.max(0, Math.floor(position.real / rowHeight) - OVERSCAN);
  const last = Math.min(count - 1, Math.ceil((position.real + size.view) / rowHeight) + OVERSCAN);

  useEffect(() => onRange({ first, last }), [first, last, onRange]);

  const onScroll = () => {
    const list = element.current;
    if (list === null) return;
    const next = scrollTo(position, list.scrollTop, size);
    // At once: what is seen has moved already.
    flushSync(() => setPosition(next));
    if (next.shown !== list.scrollTop) list.scrollTop = next.shown;
  };

  // A list that became shorter, as of another search, is scrolled back by the browser.
  useEffect(() => {
    setPosition((before) => (before.real > real - view ? positionOf(before.real, { real, view }) : before));
  }, [real, view]);

  const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, step) => first + step);
  const style = (index: number): CSSProperties => ({
    position: 'absolute',
    insetInline: 0,
    height: rowHeight,
    top: index * rowHeight - (position.real - position.shown),
  });
  const body = { position: 'relative', height: shownHeight(size), margin: 0, padding: 0, listStyle: 'none' } as const;

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reached by the keys
    <section className="long-list" ref={ref} tabIndex={0} aria-label={label} onScroll={onScroll}>
      {table === undefined ? (
        <ul style={body}>
          {indexes.map((index) => (
            <li key={index} style={style(index)} aria-setsize={count} aria-posinset={index + 1}>
              {row(index)}
            </li>
          ))}
        </ul>
      ) : (
        <div role="table" aria-label={label} aria-rowcount={count + 1} style={{ minWidth: table.minWidth }}>
          <div role="rowgroup" className="long-list-header" style={{ height: table.headerHeight }}>
            {table.header}
          </div>
          <div role="rowgroup" style={body}>
            {indexes.map((index) => (
              <div key={index} role="row" aria-rowindex={index + 2} style={style(index)}>
                {row(index)}
              </div>
            ))}
          </div>
        </div>
      )}
    </section>
  );
}
