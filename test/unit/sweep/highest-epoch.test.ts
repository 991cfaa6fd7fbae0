import { describe, expect, it } from 'vitest';
import { type ConnectionId, connectionId } from '../../../src/model/ids.ts';
import { highestEpoch } from '../../../src/sweep/highest-epoch.ts';
import { aConnection, aState, noon } from '../store/sample-log.ts';

/** A store of connections with these epochs; those without one cannot be read. */
function storeOf(epochs: readonly (number | undefined)[]) {
  const groups: number[] = [];
  const untils: number[] = [];
  return {
    groups,
    untils,
    async *dueConnections(untilMs: number) {
      untils.push(untilMs);
      for (const n of epochs.keys()) yield { connectionId: connectionId(String(n)), dueAt: noon };
    },
    async readDispatched(ids: readonly ConnectionId[], onFault: (id: ConnectionId, error: unknown) => void) {
      groups.push(ids.length);
      return ids.flatMap((id) => {
        const epoch = epochs[Number(id)];
        if (epoch !== undefined) return [{ connection: aConnection(id), state: aState({ epoch }) }];
        onFault(id, new Error('it cannot be read'));
        return [];
      });
    },
  };
}

describe(highestEpoch, () => {
  it('is that of the connection that was begun anew most often', async () => {
    expect(await highestEpoch(storeOf([1, 4, 2]))).toBe(4);
  });

  it('is nothing without a connection that can be read', async () => {
    expect(await highestEpoch(storeOf([]))).toBe(0);
    expect(await highestEpoch(storeOf([undefined]))).toBe(0);
  });

  it('passes over connections that cannot be read', async () => {
    expect(await highestEpoch(storeOf([undefined, 2, undefined]))).toBe(2);
  });

  it.each([
    { count: 0, groups: [] },
    { count: 50, groups: [50] },
    { count: 101, groups: [50, 50, 1] },
  ])('reads $count connections fifty at a time, whenever they are due', async ({ count, groups }) => {
    const store = storeOf(Array.from({ length: count }, (_, n) => (n === 0 ? 9 : 1)));

    expect(await highestEpoch(store)).toBe(count === 0 ? 0 : 9);
    expect(store.groups).toStrictEqual(groups);
    expect(store.untils).toStrictEqual([Date.parse('9999-12-31T23:59:59.999Z')]);
  });
});
