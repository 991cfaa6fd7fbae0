import { readFile } from 'node:fs/promises';
import type { BenchResult } from '../bench/bench-result.ts';
import { resultRow } from '../bench/result-row.ts';
import { benchCharts } from './bench-charts.ts';

const root = new URL('../', import.meta.url);
const page = 'docs/performance.md';

/** The page of the benches with all their results in one table, and the charts that it shows. */
export async function benchPages(): Promise<readonly (readonly [path: string, text: string])[]> {
  const results: readonly BenchResult[] = JSON.parse(await readFile(new URL('bench/results.json', root), 'utf8'));
  const text = await readFile(new URL(page, root), 'utf8');
  const marked = /(<!-- results:begin -->\n).*?(<!-- results:end -->)/s;
  if (!marked.test(text)) throw new Error(`${page} has no place for the results`);
  return [
    [page, text.replace(marked, (_, begin, end) => `${begin}${resultTable(results)}\n${end}`)],
    ...benchCharts(results),
  ];
}

const columns = ['id', 'what', 'value', 'unit', 'reference', 'ratio', 'target', 'met'];

/** As the bench prints it, in Markdown. */
export function resultTable(results: readonly BenchResult[]): string {
  const lines = results.map(resultRow).map(({ id, name, value, unit, reference, ratio, target, met }) => {
    const cells = [`\`${id}\``, name, value, unit, reference, ratio, target.replace('<=', '≤'), met];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return [`| ${columns.join(' | ')} |`, `|${columns.map(() => '---|').join('')}`, ...lines].join('\n');
}
