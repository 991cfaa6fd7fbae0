import { describe, expect, it } from 'vitest';
import { ask, askJson, type Body, clients, idsOf, listFirst, startForTest, walk } from './simulator-under-test.ts';

const path = clients.truto.listPath(3);
const followingPath = ({ next_cursor }: Body) => `${path}&${new URLSearchParams({ next_cursor: String(next_cursor) })}`;

describe('traps of the simulated Truto', () => {
  it.each([
    ['remoteUnauthorized', 401, { truto_is_remote_error: true }],
    ['missingScopes', 403, { truto_error_insight: { forbidden_error: { value: { missing_scopes: ['users:read'] } } } }],
    ['accountBlocked', 503, { message: 'The integrated account has been blocked' }],
    ['remoteRateLimited', 429, { truto_is_remote_error: true, message: '' }],
  ] as const)('%s answers %i', async (trap, status, body) => {
    const simulator = await startForTest('truto');
    simulator.traps.arm(trap, { times: 1 });

    const [refused, after] = [await ask(simulator, path), await ask(simulator, path)];

    expect([refused.status, after.status]).toStrictEqual([status, 200]);
    expect(await refused.json()).toMatchObject({ statusCode: status, ...body });
    expect(simulator.traps.fired[trap]).toBe(1);
  });

  it('unauthorized and accountBlocked are Truto’s own words, without a flag', async () => {
    const simulator = await startForTest('truto');
    simulator.traps.arm('unauthorized', { times: 1 });
    const bodies = [await askJson(simulator, path)];
    simulator.traps.arm('accountBlocked', { times: 1 });
    bodies.push(await askJson(simulator, path));

    for (const body of bodies) expect(Object.keys(body)).toStrictEqual(['statusCode', 'error', 'message']);
  });

  it('remoteRateLimited says when in either header', async () => {
    const simulator = await startForTest('truto');
    simulator.traps.arm('remoteRateLimited', { seconds: 7, times: 1 });
    const after = await ask(simulator, path);
    simulator.traps.arm('remoteRateLimited', { seconds: 8, header: 'ratelimit-reset', times: 1 });
    const reset = await ask(simulator, path);

    const headersOf = ({ headers }: Response) => ['retry-after', 'ratelimit-reset'].map((name) => headers.get(name));
    expect([headersOf(after), headersOf(reset)]).toStrictEqual([
      ['7', null],
      [null, '8'],
    ]);
  });

  it('isPartialResponse says so on a page that looks like any other', async () => {
    const simulator = await startForTest('truto');
    const before = await askJson(simulator, path);
    simulator.traps.arm('isPartialResponse');

    expect(await askJson(simulator, path)).toStrictEqual({ ...before, is_partial_response: true });
    expect(simulator.traps.fired.isPartialResponse).toBe(1);
  });

  it('rawStatus gives everybody active the back end’s word, and counts a page once', async () => {
    const simulator = await startForTest('truto');
    const [first = '', second = ''] = idsOf(simulator);
    for (const id of idsOf(simulator)) simulator.directory.setStatus(id, id === second ? 'invited' : 'active');
    simulator.traps.arm('rawStatus');

    const rows = await listFirst(simulator);

    expect(rows.map(({ status }) => status)).toStrictEqual(['Enabled', 'invited', 'Enabled']);
    expect(simulator.traps.fired.rawStatus).toBe(1);
    expect(first).not.toBe('');
  });

  it('keyedResult answers an object by id', async () => {
    const simulator = await startForTest('truto');
    const rows = await listFirst(simulator);
    simulator.traps.arm('keyedResult');

    const { result } = await askJson(simulator, path);

    expect(result).toStrictEqual(Object.fromEntries(rows.map((row) => [row.id, row])));
    expect(simulator.traps.fired.keyedResult).toBe(1);
  });

  it('expiredCursor refuses cursors and leaves first pages alone', async () => {
    const simulator = await startForTest('truto');
    const next = followingPath(await askJson(simulator, path));
    simulator.traps.arm('expiredCursor', { status: 404 });

    expect([(await ask(simulator, path)).status, (await ask(simulator, next)).status]).toStrictEqual([200, 404]);
    expect(simulator.traps.fired.expiredCursor).toBe(1);
  });

  it('absentNextCursor leaves the key out at the end and nowhere else', async () => {
    const simulator = await startForTest('truto', { size: 4 });
    simulator.traps.arm('absentNextCursor');

    const first = await askJson(simulator, path);
    const last: Body = await askJson(simulator, followingPath(first));

    expect(typeof first.next_cursor).toBe('string');
    expect(last).not.toHaveProperty('next_cursor');
  });

  it('tombstones shows the removed as deleted, in the list and one by one', async () => {
    const simulator = await startForTest('truto', { size: 5 });
    const everybody = idsOf(simulator);
    const removed = everybody[2] ?? '';
    simulator.traps.arm('tombstones');
    simulator.directory.remove(removed);

    const listed = await walk(simulator);
    const shown = await askJson(simulator, clients.truto.userPath(removed));
    simulator.directory.advance();
    const gone = await ask(simulator, clients.truto.userPath(removed));

    expect(listed.flatMap(({ ids }) => ids)).toStrictEqual(everybody);
    expect(shown.status).toBe('deleted');
    expect(gone.status).toBe(404);
  });
});
