import { NativeSelect, NumberInput } from '@mantine/core';
import type { ImportSettings } from '../api/settings.ts';
import type { DryRun } from '../api/types.ts';
import { useTexts } from '../texts/texts.tsx';

const DELIMITERS = [',', ';', '\t', '|'] as const;
const NO_HEADER = '0';
const OTHER_LINE = 'line';

type Props = { run: DryRun; stated: ImportSettings; onStated: (settings: ImportSettings) => void };

/** What stands between the cells of a file, and where its header is, as found or as stated. */
export function FormatSettings({ run: { detected }, stated, onStated }: Props) {
  const { send: texts } = useTexts();
  const { delimiter, headerLine, ...others } = stated;
  const withHeaderLine = (line: number | undefined) =>
    onStated({
      ...others,
      ...(delimiter === undefined ? {} : { delimiter }),
      ...(line === undefined ? {} : { headerLine: line }),
    });
  const nameOf = (each: string) => texts.delimiters[each] ?? each;
  return (
    <>
      <NativeSelect
        label={texts.delimiter}
        value={delimiter ?? ''}
        onChange={({ currentTarget: { value } }) => {
          const chosen = DELIMITERS.find((each) => each === value);
          onStated({
            ...others,
            ...(chosen === undefined ? {} : { delimiter: chosen }),
            ...(headerLine === undefined ? {} : { headerLine }),
          });
        }}
        data={[
          { value: '', label: detected === null ? texts.detect : texts.automatic(nameOf(detected.delimiter)) },
          ...DELIMITERS.map((each) => ({ value: each, label: nameOf(each) })),
        ]}
      />
      <div>
        <NativeSelect
          label={texts.header}
          value={headerLine === undefined ? '' : headerLine === 0 ? NO_HEADER : OTHER_LINE}
          onChange={({ currentTarget: { value } }) =>
            withHeaderLine(value === '' ? undefined : value === NO_HEADER ? 0 : 1)
          }
          data={[
            { value: '', label: texts.detect },
            { value: OTHER_LINE, label: texts.headerStated },
            { value: NO_HEADER, label: texts.headerNo },
          ]}
        />
        {headerLine === undefined || headerLine === 0 ? null : (
          <NumberInput
            mt={4}
            aria-label={texts.headerStated}
            min={1}
            max={100_000}
            allowDecimal={false}
            value={headerLine}
            onChange={(value) => withHeaderLine(Number(value) || 1)}
          />
        )}
      </div>
    </>
  );
}
