import type { Bench, Figure } from './bench.ts';
import { fitLine } from './fit.ts';
import type { ChildMemory } from './memory/child-ask.ts';
import { runMeasured } from './memory/run-measured.ts';
import { seedConnection } from './memory/seeded-connection.ts';

const changedShare = 0.01;
const largeSize = 1_000_000;
const mostBytes = 160e6;

/** The memory that a sweep takes beyond an idle process, against a process that holds everybody. */
export const memory: Bench = {
  id: 'memory',
  async measure({ isQuick }) {
    const sizes = isQuick ? [1_000, 2_000] : [10_000, 100_000, largeSize];
    const measured: Measured[] = [];
    for (const users of sizes) measured.push(await measureSize(users));
    return {
      figures: [...measured.flatMap(figuresOf), growthOf(measured), ...measured.slice(-1).map(idleFigure)],
      details: measured.map(
        ({ users, unchanged, changed }) =>
          `memory: heap beyond idle with ${users.toLocaleString('en')} users: ${toMb(unchanged.heap)} MB, changed ${toMb(changed.heap)} MB`,
      ),
    };
  },
};

type Measured = {
  readonly users: number;
  readonly unchanged: ChildMemory;
  readonly changed: ChildMemory;
  readonly all: ChildMemory;
};

async function measureSize(users: number): Promise<Measured> {
  const changeable = users * changedShare;
  const { list, connection, endpoint, tableName, apiKey, close } = await seedConnection({ users, changeable });
  const ask = { connection, endpoint, tableName, apiKey };
  try {
    // Each is a process of its own, and nothing here is about time.
    const [unchanged, all] = await Promise.all([
      runMeasured('sweep-program', ask),
      runMeasured('hold-all-program', ask),
    ]);
    Object.assign(list, { changed: changeable, change: 1 });
    const changed = await runMeasured('sweep-program', ask);
    const isAsMeant =
      unchanged.changes === 0 &&
      changed.changes === changeable &&
      [unchanged, changed, all].every((one) => one.users === users);
    if (!isAsMeant)
      throw new Error(
        `what was measured is no sweep of ${users} users: ${JSON.stringify({ unchanged, changed, all })}`,
      );
    return { users, unchanged, changed, all };
  } finally {
    await close();
  }
}

function figuresOf({ users, unchanged, changed, all }: Measured): readonly Figure[] {
  const reference = beyondIdle(all);
  return [
    { part: 'unchanged', text: 'unchanged', measured: unchanged },
    { part: 'changed', text: '1 % changed', measured: changed },
  ].map(({ part, text, measured }) => ({
    id: `peak.${users}.${part}`,
    name: `peak of a sweep beyond the idle process, ${users.toLocaleString('en')} users, ${text}, against holding all users`,
    value: toMb(beyondIdle(measured)),
    unit: 'MB',
    reference: toMb(reference),
    ...(users === largeSize && { target: { of: 'value', atMost: toMb(mostBytes) } as const }),
  }));
}

function growthOf(measured: readonly Measured[]): Figure {
  const perUser = (of: (one: Measured) => ChildMemory) =>
    Math.round(fitLine(measured.map((one) => ({ x: one.users, y: beyondIdle(of(one)) }))).perOne);
  return {
    id: 'growth',
    name: 'peak, each user more, against holding all users',
    value: perUser(({ unchanged }) => unchanged),
    unit: 'bytes',
    reference: perUser(({ all }) => all),
  };
}

function idleFigure({ unchanged }: Measured): Figure {
  return { id: 'idle', name: 'the same process before its first request', value: toMb(unchanged.idle), unit: 'MB' };
}

function beyondIdle({ peak, idle }: ChildMemory): number {
  return peak - idle;
}

function toMb(bytes: number): number {
  return Math.round(bytes / 1e5) / 10;
}
