import { readFile } from 'node:fs/promises';
import type { BenchResult } from '../bench/bench-result.ts';

const root = new URL('../', import.meta.url);
const fleets = [
  { id: '1', name: '1 connection of 10,000 users' },
  { id: '100', name: '100 of 10,000' },
  { id: '10000', name: '10,000 of 1,000' },
] as const;

/**
 * A page with the bill between its markers, from what was measured last: the whole bill, or its last line.
 * The page as it is where a quick run has left no bill for every fleet.
 */
export async function withBill(path: string, lines: 'all' | 'total'): Promise<string> {
  const page = await readFile(new URL(path, root), 'utf8');
  const results: readonly BenchResult[] = JSON.parse(await readFile(new URL('bench/results.json', root), 'utf8'));
  const table = billTable(results, lines);
  const marked = /(<!-- bill:begin -->\n).*?(<!-- bill:end -->)/s;
  if (!marked.test(page)) throw new Error(`${path} has no place for the bill`);
  return table === undefined ? page : page.replace(marked, (_, begin, end) => `${begin}${table}${end}`);
}

function billTable(results: readonly BenchResult[], lines: 'all' | 'total'): string | undefined {
  const bills = fleets.map(({ id }) => new Map(results.flatMap((one) => lineOf(one, id))));
  if (bills.some((bill) => bill.size === 0)) return undefined;
  const names = [...(bills[0]?.keys() ?? [])].filter((name) => lines === 'all' || name === 'total');
  const row = (name: string) => {
    const cells = [name, ...bills.map((bill) => showDollars(bill.get(name) ?? 0))];
    return `| ${cells.map((cell) => (name === 'total' ? `**${cell}**` : cell)).join(' | ')} |`;
  };
  const head = ['a month', ...fleets.map(({ name }) => name)];
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---|').join('')}`, ...names.map(row), ''].join('\n');
}

function lineOf({ id, name, value }: BenchResult, fleet: string): readonly (readonly [string, number])[] {
  return id.startsWith(`bill.month.${fleet}.`) ? [[name.replace(/^.*\(calculated\): /, ''), value]] : [];
}

/** Two digits that count: no more of it is known. */
function showDollars(value: number): string {
  return `$${Number(value.toPrecision(2)).toLocaleString('en')}`;
}
