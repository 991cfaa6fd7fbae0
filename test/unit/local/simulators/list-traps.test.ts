import { describe, expect, it } from 'vitest';
import { clients, idsOf, listFirst, type Row, startForTest, vendorNames, walk } from './simulator-under-test.ts';

describe.each(vendorNames)('traps in the list of %s', (vendor) => {
  const { statusKey = 'status', textKey = 'name', hasNoCursor = false } = clients[vendor];
  const emailOf = clients[vendor].emailOf ?? (({ email }: Row) => email);

  it('walks everybody exactly once when none is armed', async () => {
    for (const size of [0, 1, 6, 8]) {
      const simulator = await startForTest(vendor, { size });

      const pages = await walk(simulator);

      expect(pages.flatMap(({ ids }) => ids)).toStrictEqual(idsOf(simulator));
      expect(pages).toHaveLength(Math.max(1, Math.ceil(size / 3)));
    }
  });

  it('emptyList is a list that ends at once', async () => {
    const simulator = await startForTest(vendor);
    simulator.traps.arm('emptyList');

    expect(await walk(simulator)).toMatchObject([{ ids: [] }]);
    expect(simulator.traps.fired.emptyList).toBe(1);
  });

  it('halfList keeps its share and ends like any other list', async () => {
    const simulator = await startForTest(vendor, { size: 10 });
    simulator.traps.arm('halfList', { percent: 60 });

    const pages = await walk(simulator);

    expect(pages.flatMap(({ ids }) => ids)).toStrictEqual(idsOf(simulator).slice(0, 4));
    expect(pages).toHaveLength(2);
    expect(simulator.traps.fired.halfList).toBe(2);
  });

  it('duplicateAcrossPages repeats the last row of the page before and loses nobody', async () => {
    const simulator = await startForTest(vendor);
    simulator.traps.arm('duplicateAcrossPages', { page: 2 });
    const everybody = idsOf(simulator);

    const pages = await walk(simulator);

    expect(pages[1]?.ids).toStrictEqual(everybody.slice(2, 6));
    expect(new Set(pages.flatMap(({ ids }) => ids))).toStrictEqual(new Set(everybody));
    expect(simulator.traps.fired.duplicateAcrossPages).toBe(1);
  });

  it.skipIf(hasNoCursor)('repeatCursor names the same page for ever', async () => {
    const simulator = await startForTest(vendor);
    simulator.traps.arm('repeatCursor', { page: 2 });

    const pages = await walk(simulator, 3, 6);

    expect(pages).toHaveLength(6);
    expect(new Set(pages.slice(1).map(({ path }) => path)).size).toBe(1);
    expect(simulator.traps.fired.repeatCursor).toBe(5);
  });

  it.skipIf(hasNoCursor)('cursorCycle goes to and fro between two pages', async () => {
    const simulator = await startForTest(vendor);
    simulator.traps.arm('cursorCycle');

    const paths = (await walk(simulator, 3, 7)).map(({ path }) => path);

    expect(new Set(paths.slice(1)).size).toBe(2);
    expect(paths[3]).toBe(paths[1]);
    expect(paths[3]).not.toBe(paths[2]);
    expect(paths[4]).toBe(paths[2]);
    expect(simulator.traps.fired.cursorCycle).toBe(7);
  });

  it('emptyPageWithCursor has no rows and still names a page nobody has asked for', async () => {
    const simulator = await startForTest(vendor);
    simulator.traps.arm('emptyPageWithCursor', { page: 2, times: 1 });

    const pages = await walk(simulator);

    expect(pages[1]?.ids).toStrictEqual([]);
    expect(pages[2]?.ids.length).toBeGreaterThan(0);
    expect(new Set(pages.map(({ path }) => path)).size).toBe(pages.length);
    expect(simulator.traps.fired.emptyPageWithCursor).toBe(1);
  });

  it.each([
    ['empty', ''],
    ['null', null],
    ['absent', undefined],
  ] as const)('blankFields leaves every row’s e-mail address %s, and its id and status alone', async (as, blank) => {
    const simulator = await startForTest(vendor);
    const before = await listFirst(simulator);
    simulator.traps.arm('blankFields', { as });

    const rows = await listFirst(simulator);

    expect(rows.map(emailOf)).toStrictEqual([blank, blank, blank]);
    expect(rows.map((row) => [row.id, row[statusKey]])).toStrictEqual(before.map((row) => [row.id, row[statusKey]]));
    expect(before.every((row) => emailOf(row) !== '')).toBe(true);
    expect(simulator.traps.fired.blankFields).toBe(1);
  });

  it('loseStatus takes the key away from every row', async () => {
    const simulator = await startForTest(vendor);
    simulator.traps.arm('loseStatus');

    const rows = await listFirst(simulator);

    expect(rows.filter((row) => statusKey in row)).toStrictEqual([]);
    expect(rows).toHaveLength(3);
    expect(simulator.traps.fired.loseStatus).toBe(1);
  });

  it('unknownStatus gives one row a status of its own', async () => {
    const simulator = await startForTest(vendor);
    const before = await listFirst(simulator);
    simulator.traps.arm('unknownStatus', { status: 'ON_LEAVE' });

    const rows = await listFirst(simulator);

    expect(rows).toStrictEqual(before.map((row, index) => (index === 0 ? { ...row, [statusKey]: 'ON_LEAVE' } : row)));
    expect(simulator.traps.fired.unknownStatus).toBe(1);
  });

  it.each([true, false])('badRow has values of the wrong type in one row, with an id: %s', async (withId) => {
    const simulator = await startForTest(vendor);
    const before = await listFirst(simulator);
    simulator.traps.arm('badRow', { withId });

    const rows = await listFirst(simulator);

    expect(rows.slice(1)).toStrictEqual(before.slice(1));
    expect(typeof rows[0]?.[textKey]).not.toBe('string');
    expect(rows[0]?.id).toBe(withId ? before[0]?.id : undefined);
    expect(simulator.traps.fired.badRow).toBe(1);
  });

  it('can damage what a single user looks like, too', async () => {
    const simulator = await startForTest(vendor);
    simulator.traps.arm('loseStatus', { on: 'user' });
    const [id = ''] = idsOf(simulator);
    const headers = clients[vendor].headers(simulator);

    const answer = await fetch(simulator.baseUrl + clients[vendor].userPath(id), { headers });

    expect(answer.status).toBe(200);
    expect(await answer.json()).not.toHaveProperty(statusKey);
    expect(simulator.traps.fired.loseStatus).toBe(1);
  });
});
