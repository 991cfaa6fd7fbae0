import type { Bench, Figure } from './bench.ts';
import type { Traffic } from './item-traffic.ts';
import { openFullRefresh } from './reference/full-refresh.ts';
import { changeUsers, listUsers } from './reference/listed-users.ts';
import { openPackedIndex } from './reference/packed-index.ts';
import { openRecordsCache, type RecordStore } from './reference/records-cache.ts';

const userBytes = 1_000;
const changedShare = 0.01;
const rounds = 3;

/**
 * The same list with what one would take instead, in this process: a cache of records in PostgreSQL, and a full refresh. Rows
 * and bytes are theirs wherever they run; times are those of an emulated table and an embedded database.
 */
export const alternatives: Bench = {
  id: 'instead',
  async measure({ isQuick }) {
    const users = isQuick ? 1_000 : 20_000;
    const changes = users * changedShare;
    const ours = await measure(() => openPackedIndex(changes), { users, changes });
    const cache = await measure(openRecordsCache, { users, changes });
    const refresh = await measure(openFullRefresh, { users, changes });
    const pairs = [
      { id: 'cache', name: 'a records cache in PostgreSQL', other: cache },
      { id: 'refresh', name: 'a full refresh in PostgreSQL', other: refresh },
    ];
    return {
      figures: pairs.flatMap(({ id, name, other }) =>
        (['unchanged', 'changed'] as const).flatMap((kind) => {
          const of = `${users.toLocaleString('en')} users, ${kind === 'unchanged' ? kind : `${changes.toLocaleString('en')} changed`}`;
          return figuresOf({
            id: `${id}.${kind}`,
            name: `${of}, against ${name}`,
            ours: ours[kind],
            other: other[kind],
          });
        }),
      ),
      details: [],
    };
  },
};

type Use = Traffic & { readonly ms: number };
type Size = { readonly users: number; readonly changes: number };

async function measure(open: () => Promise<RecordStore>, { users, changes }: Size) {
  const records = await open();
  try {
    let list = listUsers(users, userBytes);
    await records.sync(list);
    // Whatever is done once only is done.
    await records.sync(list);
    const unchanged: Use[] = [];
    const changed: Use[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      unchanged.push(await timed(() => records.sync(list)));
      list = changeUsers(list, changes, round);
      changed.push(await timed(() => records.sync(list)));
    }
    return { unchanged: quickest(unchanged), changed: quickest(changed) };
  } finally {
    await records.close();
  }
}

async function timed(run: () => Promise<Traffic>): Promise<Use> {
  const before = performance.now();
  const traffic = await run();
  return { ...traffic, ms: performance.now() - before };
}

function quickest(uses: readonly Use[]): Use {
  const [first, ...others] = uses.toSorted((a, b) => a.ms - b.ms);
  if (first === undefined || others.length === 0) throw new Error('nothing was measured');
  return first;
}

type Compared = { readonly id: string; readonly name: string; readonly ours: Use; readonly other: Use };

function figuresOf({ id, name, ours, other }: Compared): readonly Figure[] {
  const figure = (what: keyof Use, title: string, unit: string): Figure => ({
    id: `${id}.${what}`,
    name: `${title}, ${name}`,
    value: Math.round(ours[what] * 10) / 10,
    unit,
    reference: Math.round(other[what] * 10) / 10,
  });
  return [
    figure('rowsRead', 'rows read (theirs calculated)', 'rows'),
    figure('bytesRead', 'bytes read (theirs calculated)', 'bytes'),
    figure('rowsWritten', 'rows written', 'rows'),
    figure('bytesWritten', 'bytes written', 'bytes'),
    figure('ms', 'time, emulated table and embedded database', 'ms'),
  ];
}
