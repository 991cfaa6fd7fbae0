import { describe, expect, it } from 'vitest';
import { toBenchResult } from '../../../bench/bench-result.ts';
import { benches } from '../../../bench/benches.ts';
import { benchCharts, chartedResults } from '../../../tools/bench-charts.ts';
import { resultTable } from '../../../tools/bench-page.ts';

const target = { of: 'ratio', atMost: 1.3 } as const;
const figure = { id: 'sweep.bytes', name: 'bytes | of it', value: 1_200, unit: 'bytes', reference: 1_000, target };
const results = [toBenchResult('bundles', figure)];

describe(benchCharts, () => {
  it('draws a chart of those results that there are, and no other', () => {
    const charts = benchCharts(results);

    expect([...charts.keys()]).toStrictEqual(['docs/images/bench-bundles.svg']);
    expect(charts.get('docs/images/bench-bundles.svg')).toMatch(/sweep<\/text>.*1,200<\/text>.*1,000<\/text>/s);
    expect(charts.get('docs/images/bench-bundles.svg')).not.toContain('>dispatch<');
  });

  it('knows no bench that there is not', () => {
    const ids = new Set(benches.map(({ id }) => id));

    expect(chartedResults.filter((row) => !ids.has(row.split('.')[0] ?? ''))).toStrictEqual([]);
  });
});

describe(resultTable, () => {
  it('has a row for each result, with its target and whether it is met', () => {
    expect(resultTable(results).split('\n').slice(2)).toStrictEqual([
      '| `bundles.sweep.bytes` | bytes \\| of it | 1,200 | bytes | 1,000 | 1.2 | ratio ≤ 1.3 | yes |',
    ]);
  });
});
