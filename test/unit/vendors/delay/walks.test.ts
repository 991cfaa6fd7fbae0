import { describe, expect, it, onTestFinished } from 'vitest';
import { createSimulatedDirectory } from '../../../../local/simulators/create-simulated-directory.ts';
import { type Simulator, startSimulator } from '../../../../local/simulators/start-simulator.ts';
import type { TrapName } from '../../../../local/simulators/trap-settings.ts';
import { connectionId, cursor } from '../../../../src/model/ids.ts';
import type { Page } from '../../../../src/model/page.ts';
import { delay } from '../../../../src/vendors/delay/vendor.ts';
import { createTestIo, startMs } from '../vendor-io.ts';
import { vetoesOf } from './delay-under-test.ts';

/** A simulated service with so many users, of whom the last ones were all created at the same time. */
async function startDelay(
  size: number,
  { atOnce = 0, traps = [] }: { atOnce?: number; traps?: readonly TrapName[] } = {},
) {
  const directory = createSimulatedDirectory({
    vendor: 'delay',
    seed: 'walks',
    size: size - atOnce,
    nowMs: () => startMs,
  });
  for (let index = 0; index < atOnce; index += 1) directory.add();
  const simulator = await startSimulator({ vendor: 'delay', directory, nowMs: () => startMs });
  onTestFinished(() => simulator.close());
  for (const name of traps) simulator.traps.arm(name);
  return simulator;
}

/** Every page of the list, `between` two pages being what happens meanwhile. */
async function walk(simulator: Simulator, options: object = {}, between: (pages: number) => void = () => undefined) {
  const io = createTestIo();
  onTestFinished(() => io.close());
  const ask = {
    connectionId: connectionId('acme-delay'),
    baseUrl: simulator.baseUrl,
    credentials: { token: simulator.credentials.token ?? '' },
    options: delay.options.parse(options),
  };
  const pages: Page[] = [];
  for (let next: Page['next'] | undefined; next !== null; next = pages.at(-1)?.next ?? null) {
    if (pages.length > 0) between(pages.length);
    if (pages.length > 40) throw new Error('the list has no end');
    pages.push(await delay.fetchPage({ ...ask, cursor: next === undefined ? undefined : cursor(String(next)) }, io));
  }
  const ids = pages.flatMap(({ users }) => users.map(({ id }) => String(id)));
  return { pages, ids, vetoes: vetoesOf(pages) };
}

const everybody = (simulator: Simulator) =>
  simulator.directory
    .people()
    .map(({ id }) => id)
    .sort();
const ways = ['auto', 'pages', 'keyset'] as const;

describe.each(ways)('delay.fetchPage, paging %s', (paging) => {
  it.each([0, 1, 30, 99, 100, 101, 200, 205])(
    'lists %i users once each, with and without a Link header',
    async (size) => {
      for (const traps of [[], ['withoutLinks']] as const) {
        const simulator = await startDelay(size, { traps });

        const { ids, vetoes } = await walk(simulator, { paging });

        expect(ids.toSorted()).toStrictEqual(everybody(simulator));
        expect(vetoes).toStrictEqual([]);
      }
    },
  );

  it.each([3, 7, 40])('lists users who were created at the same time, in pages of %i', async (pageSize) => {
    for (const traps of [[], ['withoutLinks']] as const) {
      const simulator = await startDelay(60, { atOnce: 45, traps });

      const { ids, vetoes } = await walk(simulator, { paging, pageSize });

      expect(ids.toSorted()).toStrictEqual(everybody(simulator));
      expect(vetoes).toStrictEqual([]);
    }
  });

  it.each(['fromExclusive', 'fromByTheSecond'] as const)(
    'lists everybody once where the server has %s',
    async (trap) => {
      for (const traps of [[trap], ['withoutLinks', 'fromExclusive', 'fromByTheSecond']] as const) {
        const simulator = await startDelay(60, { atOnce: 25, traps });

        const { ids, vetoes } = await walk(simulator, { paging, pageSize: 7 });

        expect(ids.toSorted()).toStrictEqual(everybody(simulator));
        expect(vetoes).toStrictEqual([]);
        if (paging !== 'pages') expect(simulator.traps.fired[trap]).toBeGreaterThan(0);
      }
    },
  );

  it('reads links to another host, and never goes there', async () => {
    const simulator = await startDelay(25, { traps: ['linksElsewhere'] });

    const { ids, vetoes } = await walk(simulator, { paging, pageSize: 10 });

    expect(ids.toSorted()).toStrictEqual(everybody(simulator));
    expect(vetoes).toStrictEqual([]);
    expect(simulator.elsewhere.requests).toBe(0);
    expect(simulator.traps.fired.linksElsewhere).toBeGreaterThan(0);
  });

  it.each([[[]], [['withoutLinks']]] as const)(
    'lists everybody where only per_page is known, and %j',
    async (traps) => {
      const simulator = await startDelay(75, { traps: ['perPageOnly', ...traps] });

      const own = await walk(simulator, { paging });
      const asked = await walk(simulator, { paging, pageSizeParameter: 'per_page' });

      expect(own.ids.toSorted()).toStrictEqual(everybody(simulator));
      expect(asked.ids.toSorted()).toStrictEqual(everybody(simulator));
      expect([own.vetoes, asked.vetoes]).toStrictEqual([[], []]);
      expect(asked.pages.length).toBeLessThan(own.pages.length);
    },
  );

  it.each(['sortRefused', 'sortIgnored'] as const)('lists everybody where %s, and proves nothing', async (trap) => {
    const simulator = await startDelay(25, { traps: [trap] });

    const { ids, vetoes } = await walk(simulator, { paging, pageSize: 10 });

    expect(ids.toSorted()).toStrictEqual(everybody(simulator));
    expect(vetoes).toContain(trap === 'sortRefused' ? 'sort_refused' : 'sort_ignored');
  });

  it('ends where every page is the first one', async () => {
    const simulator = await startDelay(25, { traps: ['pageIgnored', 'withoutLinks'] });

    const { ids, vetoes } = await walk(simulator, { paging, pageSize: 10 });

    const isWhole = new Set(ids).size === 25;
    expect(isWhole).toBe(paging !== 'pages');
    expect(vetoes).toStrictEqual(isWhole ? [] : ['page_repeated']);
  });

  it('maps the same users whether the token sees metadata or not', async () => {
    const simulator = await startDelay(5);
    const before = await walk(simulator, { paging });
    simulator.traps.arm('metadataVanishes');

    const after = await walk(simulator, { paging });

    const plain = ({ pages }: typeof before) => pages[0]?.users.map(({ vendorAttributes: _, ...user }) => user);
    expect(plain(after)).toStrictEqual(plain(before));
    expect(before.pages[0]?.users.every(({ vendorAttributes }) => vendorAttributes?.createdBy)).toBe(true);
    expect(after.pages[0]?.users.some((user) => 'vendorAttributes' in user)).toBe(false);
  });

  it('cannot tell a list that row security has shrunk from one that others have left', async () => {
    const simulator = await startDelay(25);
    simulator.traps.arm('rowSecurity', { percent: 60 });

    const { ids, vetoes } = await walk(simulator, { paging, pageSize: 4 });

    expect([ids.length, vetoes]).toStrictEqual([10, []]);
  });
});

describe('delay.fetchPage while people come and go', () => {
  const leave = (simulator: Simulator) => {
    const [first] = simulator.directory.people().toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
    if (first !== undefined) simulator.directory.remove(first.id);
  };

  it('loses nobody who stays, by time of creation', async () => {
    const simulator = await startDelay(40, { traps: ['withoutLinks'] });

    const { ids, vetoes } = await walk(simulator, { pageSize: 4 }, () => leave(simulator));

    expect(everybody(simulator).filter((id) => !ids.includes(id))).toStrictEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(vetoes).toStrictEqual([]);
  });

  it('loses somebody by page number, which is why the other way exists', async () => {
    const simulator = await startDelay(40, { traps: ['withoutLinks'] });

    const { ids } = await walk(simulator, { paging: 'pages', pageSize: 4 }, () => leave(simulator));

    expect(everybody(simulator).filter((id) => !ids.includes(id)).length).toBeGreaterThan(0);
  });

  it.each([1, 3, 8])('proves nothing, or loses nobody, where all who were seen leave after page %i', async (after) => {
    const simulator = await startDelay(40);
    const seen = everybody(simulator).length - 4 * after;

    const { ids, vetoes } = await walk(simulator, { pageSize: 4 }, (pages) => {
      while (pages === after && simulator.directory.people().length > seen) leave(simulator);
    });

    const lost = everybody(simulator).filter((id) => !ids.includes(id));
    expect(lost.length === 0 || vetoes.length > 0).toBe(true);
  });

  it('goes by page number from the start where the filter does nothing', async () => {
    const simulator = await startDelay(25, { traps: ['fromIgnored'] });

    const auto = await walk(simulator, { pageSize: 10 });
    const strict = await walk(simulator, { pageSize: 10, paging: 'keyset' });

    expect(auto.ids.toSorted()).toStrictEqual(everybody(simulator));
    expect([auto.vetoes, new Set(strict.vetoes)]).toStrictEqual([[], new Set(['keyset_unsupported'])]);
  });
});
