import { describe, expect, it } from 'vitest';
import type { Bench } from '../../../bench/bench.ts';
import { toBenchResult } from '../../../bench/bench-result.ts';
import { runBenches } from '../../../bench/run-benches.ts';

const benchOf = (id: string, measure: Bench['measure']): Bench => ({ id, measure });
const figure = (value: number) => ({ id: 'one', name: 'one', value, unit: '' });
const kept = [toBenchResult('first', figure(1)), toBenchResult('absent', figure(7))];

describe(runBenches, () => {
  it('tells a bench what those before it measured, and what is known of those that did not run', async () => {
    const seen: (number | undefined)[] = [];
    const first = benchOf('first', async () => ({ figures: [figure(2)], details: [] }));
    const second = benchOf('second', async ({ measured }) => {
      seen.push(...['first.one', 'absent.one', 'nobody.one'].map((id) => measured(id)?.value));
      return { figures: [], details: [] };
    });

    const { results } = await runBenches([first, second], { isQuick: true, kept, onStart: () => undefined });

    expect(seen).toStrictEqual([2, 7, undefined]);
    expect(results.map(({ id }) => id)).toStrictEqual(['first.one']);
  });
});
