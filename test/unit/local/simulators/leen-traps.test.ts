import { describe, expect, it } from 'vitest';
import { ask, askJson, idsOf, type Row, startForTest, walk } from './simulator-under-test.ts';

describe('traps of the simulated Leen', () => {
  it('expiredCursor refuses cursors and leaves first pages alone', async () => {
    const simulator = await startForTest('leen');
    const { next_cursor } = await askJson(simulator, '/itsm/users?limit=3');
    const path = `/itsm/users?${new URLSearchParams({ limit: '3', cursor: String(next_cursor) })}`;
    simulator.traps.arm('expiredCursor', { times: 1 });

    const first = await ask(simulator, '/itsm/users?limit=3');
    const [refused, again] = [await ask(simulator, path), await ask(simulator, path)];

    expect([first.status, refused.status, again.status]).toStrictEqual([200, 422, 200]);
    expect(await refused.json()).toMatchObject({ code: 'UNPROCESSABLE_ENTITY', message: 'The cursor has expired' });
    expect(simulator.traps.fired.expiredCursor).toBe(1);
  });

  it('expiredCursor can answer 400 or 404', async () => {
    const simulator = await startForTest('leen');
    const { next_cursor } = await askJson(simulator, '/itsm/users?limit=3');
    simulator.traps.arm('expiredCursor', { status: 404 });

    const answer = await ask(simulator, `/itsm/users?${new URLSearchParams({ cursor: String(next_cursor) })}`);

    expect(answer.status).toBe(404);
  });

  it('absentNextCursor leaves the key out at the end and nowhere else', async () => {
    const simulator = await startForTest('leen', { size: 4 });
    simulator.traps.arm('absentNextCursor');

    const first = await askJson(simulator, '/itsm/users?limit=3');
    const cursor = String(first.next_cursor);
    const last = await askJson(simulator, `/itsm/users?${new URLSearchParams({ limit: '3', cursor })}`);

    expect(typeof first.next_cursor).toBe('string');
    expect(last).not.toHaveProperty('next_cursor');
    expect(simulator.traps.fired.absentNextCursor).toBe(1);
  });

  it('nullGroups puts nulls among the groups, where groups are shown', async () => {
    const simulator = await startForTest('leen', { size: 4 });
    simulator.traps.arm('nullGroups');

    const plain = await askJson(simulator, '/itsm/users');
    const { items } = await askJson(simulator, '/itsm/users?includeUserGroups=true');

    const groups = (items as Row[]).map((item) => item.groups as (Row | null)[]);
    expect(groups.every((list) => list.includes(null))).toBe(true);
    expect(groups.flat().some((group) => group !== null)).toBe(true);
    expect(plain.items as Row[]).not.toContainEqual(expect.objectContaining({ groups: expect.anything() }));
    expect(simulator.traps.fired.nullGroups).toBe(1);
  });

  it('tombstones shows the removed as deleted in their old place, until the next step', async () => {
    const simulator = await startForTest('leen', { size: 5 });
    const everybody = idsOf(simulator);
    const removed = everybody[2] ?? '';
    simulator.traps.arm('tombstones');
    await walk(simulator);
    const firedEarly = simulator.traps.fired.tombstones;
    simulator.directory.remove(removed);

    const listed = await walk(simulator);
    const shown = await askJson(simulator, `/itsm/users/${removed}`);
    const filtered = await askJson(simulator, '/itsm/users?status=DELETED');
    simulator.directory.advance();
    const gone = await ask(simulator, `/itsm/users/${removed}`);

    expect(firedEarly).toBe(0);
    expect(listed.flatMap(({ ids }) => ids)).toStrictEqual(everybody);
    expect(shown.status).toBe('DELETED');
    expect(filtered.items).toStrictEqual([shown]);
    expect(gone.status).toBe(404);
    expect(simulator.traps.fired.tombstones).toBe(4);
  });

  it('emptyPageWithCursor without a limit gives empty pages with ever new cursors', async () => {
    const simulator = await startForTest('leen');
    simulator.traps.arm('emptyPageWithCursor');

    const pages = await walk(simulator, 3, 9);

    expect(pages.flatMap(({ ids }) => ids)).toStrictEqual([]);
    expect(new Set(pages.map(({ path }) => path)).size).toBe(9);
  });

  it('emptyPageWithCursor once loses nobody', async () => {
    const simulator = await startForTest('leen');
    simulator.traps.arm('emptyPageWithCursor', { page: 2, times: 1 });

    const pages = await walk(simulator);

    expect(pages.flatMap(({ ids }) => ids)).toStrictEqual(idsOf(simulator));
  });
});
