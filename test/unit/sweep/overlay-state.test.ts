import { describe, expect, it } from 'vitest';
import { connectionId } from '../../../src/model/ids.ts';
import { overlayState } from '../../../src/sweep/overlay-state.ts';
import { aState, askAt, leaseMs } from '../store/sample-log.ts';

const id = connectionId('c');

/** An overlay under the lease of a worker. */
async function openLease() {
  const store = overlayState({ readState: async () => aState() });
  const answer = await store.acquireLease(id, askAt(0));
  if (answer.kind !== 'taken') throw new Error(`the lease is ${answer.kind}`);
  return { store, lease: answer.lease };
}

describe('releaseLease of an overlay', () => {
  it('refuses a lease that nobody took here', async () => {
    const { lease } = await openLease();
    const other = overlayState({ readState: async () => aState() });

    await expect(other.releaseLease(lease, aState())).rejects.toMatchObject({ code: 'sweep.lease_lost' });
  });

  it('changes nothing the second time', async () => {
    const { store, lease } = await openLease();
    await store.releaseLease(lease, aState({ position: 1 }));

    await store.releaseLease(lease, aState({ position: 2 }));

    expect(await store.readState(id)).toStrictEqual(aState({ position: 1 }));
  });
});

describe('abandonLease of an overlay', () => {
  it('changes nothing where nobody took a lease, or another one has it by now', async () => {
    const { store, lease } = await openLease();
    const other = overlayState({ readState: async () => aState() });
    await store.acquireLease(id, askAt(leaseMs));

    await store.abandonLease(lease, 0);
    await other.abandonLease(lease, 0);

    expect(await store.acquireLease(id, askAt(leaseMs))).toStrictEqual({ kind: 'held' });
    expect(await other.acquireLease(id, askAt(0))).toMatchObject({ kind: 'taken', tookOver: false });
  });
});
