import { pairBytes } from '../src/diff/index-shard.ts';
import type { Bench, Figure } from './bench.ts';
import { fitLine, fitPower, type Point } from './fit.ts';
import { measureIdleDispatch } from './idle-dispatch.ts';
import { startMeteredFeed, type Use } from './metered-feed.ts';

const userBytes = 1_000;
const changeCounts = [1, 4, 16, 64, 256];

/** With what each cost grows: users, changes, connections. A line is fitted, and the power of what lies above its base. */
export const growth: Bench = {
  id: 'growth',
  async measure({ isQuick }) {
    const sizes = isQuick ? [250, 1_000] : [1_000, 4_000, 16_000, 48_000];
    const fleets = isQuick ? [10, 100] : [10, 100, 1_000, 10_000];
    const unchanged = await overUsers(sizes);
    const users = isQuick ? 1_000 : 4_000;
    const changed = await overChanges(users);
    const idle: Point[] = [];
    for (const x of fleets) idle.push({ x, y: (await measureIdleDispatch(x)).read });
    return {
      figures: [...userFigures(unchanged), ...changeFigures(changed, users), ...connectionFigures(idle)],
      details: [
        detail('read units of an unchanged sweep by users', ofUse(unchanged, 'reads')),
        detail('write units of an unchanged sweep by users', ofUse(unchanged, 'writes')),
        detail('table calls of an unchanged sweep by users', ofUse(unchanged, 'requests')),
        detail('read units by changes', ofUse(changed, 'reads')),
        detail('write units by changes', ofUse(changed, 'writes')),
        detail('read units of an idle minute by connections', idle),
      ],
    };
  },
};

type Measured = { readonly x: number; readonly use: Use };

async function overUsers(sizes: readonly number[]): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  for (const x of sizes) {
    const feed = await startMeteredFeed(x, { userBytes, changeable: 0 });
    try {
      await feed.sweep();
      measured.push({ x, use: await feed.sweep() });
    } finally {
      await feed.close();
    }
  }
  return measured;
}

async function overChanges(users: number): Promise<readonly Measured[]> {
  const changeable = changeCounts.reduce((sum, count) => sum + count, 0);
  const feed = await startMeteredFeed(users, { userBytes, changeable });
  try {
    await feed.sweep();
    const measured: Measured[] = [{ x: 0, use: await feed.sweep() }];
    for (const x of changeCounts) {
      feed.change(x);
      measured.push({ x, use: await feed.sweep() });
    }
    return measured;
  } finally {
    await feed.close();
  }
}

function userFigures(unchanged: readonly Measured[]): readonly Figure[] {
  const reads = fitLine(ofUse(unchanged, 'reads'));
  const writes = fitLine(ofUse(unchanged, 'writes'));
  return [
    {
      id: 'users.reads',
      name: 'unchanged sweep, 1,000 users more, against the bare pairs of the index',
      value: round(1_000 * reads.perOne),
      unit: 'read units',
      reference: (1_000 * pairBytes) / 4096,
      target: { of: 'ratio', atMost: 1.1 },
    },
    {
      id: 'users.writes',
      name: 'unchanged sweep, 1,000 users more',
      value: round(1_000 * writes.perOne),
      unit: 'write units',
      target: { of: 'value', atMost: 0 },
    },
  ];
}

function changeFigures(changed: readonly Measured[], users: number): readonly Figure[] {
  return (['reads', 'writes', 'requests'] as const).flatMap((unit): readonly Figure[] => {
    const points = ofUse(changed, unit);
    const unchanged = points[0]?.y ?? Number.NaN;
    const power = fitPower(points.slice(1).map(({ x, y }) => ({ x, y: y - unchanged })));
    const name = { reads: 'read units', writes: 'write units', requests: 'table calls' }[unit];
    return [
      {
        id: `changes.${unit}`,
        name: `each change more among ${users.toLocaleString('en')} users`,
        value: round(fitLine(points).perOne),
        unit: name,
      },
      {
        id: `changes.${unit}.power`,
        name: `power with which ${name} grow with changes`,
        value: round(power),
        unit: '',
        target: { of: 'value', atMost: 1.05 },
      },
    ];
  });
}

function connectionFigures(idle: readonly Point[]): readonly Figure[] {
  const most = idle.at(-1);
  // Up to 100 connections are looked at in one query, and it costs what it reads.
  const beyond = idle.filter(({ x }) => x >= 100);
  return [
    {
      id: 'connections.reads',
      name: 'dispatcher, nobody due, 1,000 connections more',
      value: round(1_000 * fitLine(beyond).perOne),
      unit: 'read units',
      target: { of: 'value', atMost: 0 },
    },
    {
      id: 'connections.idle',
      name: `dispatcher in a minute with nobody due, ${most?.x.toLocaleString('en')} connections`,
      value: most?.y ?? Number.NaN,
      unit: 'read units',
      target: { of: 'value', atMost: 9.5 },
    },
  ];
}

function ofUse(measured: readonly Measured[], unit: 'reads' | 'writes' | 'requests'): readonly Point[] {
  return measured.map(({ x, use }) => ({ x, y: use[unit] }));
}

function detail(what: string, points: readonly Point[]): string {
  const { base, perOne } = fitLine(points);
  const shown = points.map(({ x, y }) => `${x.toLocaleString('en')}: ${y.toLocaleString('en')}`).join(', ');
  return `${what}: ${round(base)} + ${round(1_000 * perOne)} by 1,000 (${shown})`;
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
