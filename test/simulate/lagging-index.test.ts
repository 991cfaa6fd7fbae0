import { describe, expect, it } from 'vitest';
import type { Attributes } from './dynamo/attribute-value.ts';
import { createLaggingIndex } from './dynamo/lagging-index.ts';
import { createMemoryTable } from './dynamo/memory-table.ts';

const item = (sk: string, due: string | undefined): Attributes => ({
  pk: { S: 'connection#a' },
  sk: { S: sk },
  ...(due !== undefined && { due: { S: 'due' }, dueAt: { S: due } }),
});

function open(lagMs: number) {
  const clock = { nowMs: 0, behind: 0 };
  const index = createLaggingIndex({
    nowMs: () => clock.nowMs,
    lagMs,
    onBehind: () => {
      clock.behind += 1;
    },
  });
  const table = createMemoryTable(index.note);
  const put = (one: Attributes) => table.put({ pk: 'connection#a', sk: one.sk?.S ?? '' }, one);
  const shown = () => [...index.items()].map(({ dueAt }) => dueAt?.S);
  return { clock, index, table, put, shown };
}

describe('createLaggingIndex', () => {
  it('shows what the table was a while ago, and says that it is behind', () => {
    const { clock, put, shown } = open(1_000);
    put(item('state', 'early'));
    clock.nowMs = 1_000;
    put(item('state', 'late'));

    const meanwhile = shown();
    clock.nowMs = 2_000;

    expect([meanwhile, shown(), clock.behind]).toStrictEqual([['early'], ['late'], 1]);
  });

  it('loses items that have lost the attributes of the index, and never had those without', () => {
    const { put, shown } = open(0);
    put(item('state', 'early'));
    put(item('settings', undefined));
    put(item('state', undefined));

    expect(shown()).toStrictEqual([]);
  });

  it('is that of the table as it stands once it is rebuilt', () => {
    const { index, table, put, shown } = open(60_000);
    const backup = table.image();
    put(item('state', 'early'));
    index.rebuild(table);
    const rebuilt = shown();
    table.restore(backup);
    index.rebuild(table);

    expect([rebuilt, shown()]).toStrictEqual([['early'], []]);
  });
});
