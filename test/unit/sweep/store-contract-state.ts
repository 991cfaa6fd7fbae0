import { describe, expect, it } from 'vitest';
import { connectionId } from '../../../src/model/ids.ts';
import { aBatch, all, anEntry, aState, askAt, leaseMs } from '../store/sample-log.ts';
import type { OpenSubject } from './store-contract.ts';
import { leaveState, loseLease, takeLease } from './store-contract-lease.ts';

const isLost = { code: 'sweep.lease_lost' };
const later = aState({ position: 7, attempts: 1 });
const earlier = aState({ position: 3 });

export function stateContract(open: OpenSubject): void {
  describe('readState', () => {
    it('answers what was left behind, and nothing for a connection that nobody saved', async () => {
      const { given, store, id } = await open();
      await leaveState(given, id, later);

      expect(await store.readState(id)).toStrictEqual(later);
      expect(await store.readState(connectionId('nobody'))).toBeUndefined();
    });
  });

  describe('saveState', () => {
    it('replaces the state, and keeps the lease and its end', async () => {
      const { given, store, id } = await open();
      await leaveState(given, id, aState({ position: 2, projectionVersion: 'p' }));
      const { lease } = await takeLease({ store, id });

      await store.saveState(lease, later);

      expect(await store.readState(id)).toStrictEqual(later);
      expect(await store.acquireLease(id, askAt(leaseMs - 1))).toStrictEqual({ kind: 'held' });
      expect(await takeLease({ store, id }, askAt(leaseMs))).toMatchObject({ tookOver: true });
    });

    it('refuses a lease that was taken over, and changes nothing', async () => {
      const subject = await open();
      const { old, present } = await loseLease(subject);
      await subject.store.saveState(present.lease, later);

      const saving = subject.store.saveState(old.lease, earlier);

      await expect(saving).rejects.toMatchObject({ ...isLost, context: { connectionId: subject.id } });
      expect(await subject.store.readState(subject.id)).toStrictEqual(later);
    });

    it('refuses a lease that was given back, and changes nothing', async () => {
      const subject = await open();
      const { lease } = await takeLease(subject);
      await subject.store.releaseLease(lease, later);

      await expect(subject.store.saveState(lease, earlier)).rejects.toMatchObject(isLost);

      expect(await subject.store.readState(subject.id)).toStrictEqual(later);
    });

    it('refuses a lease that nobody took', async () => {
      const { store, id } = await open();
      const lease = { connectionId: id, token: 99, holder: 'nobody', expiresAtMs: leaseMs };

      await expect(store.saveState(lease, earlier)).rejects.toMatchObject(isLost);
    });

    it('takes an abandoned lease up again where nobody has taken it over', async () => {
      const subject = await open();
      const { lease } = await takeLease(subject);
      await subject.store.abandonLease(lease, 5);

      await subject.store.saveState(lease, later);

      expect(await subject.store.acquireLease(subject.id, askAt(6))).toStrictEqual({ kind: 'held' });
    });
  });

  describe('releaseLease', () => {
    it('saves the state with the lease it gives back', async () => {
      const subject = await open();
      const { lease } = await takeLease(subject);

      await subject.store.releaseLease(lease, later);

      expect(await subject.store.readState(subject.id)).toStrictEqual(later);
    });

    it('changes nothing when it is repeated', async () => {
      const subject = await open();
      const { lease } = await takeLease(subject);
      await subject.store.releaseLease(lease, later);

      await subject.store.releaseLease(lease, later);

      expect(await takeLease(subject, askAt(1))).toMatchObject({ tookOver: false, state: { position: 7 } });
    });

    it('refuses a lease that was taken over, and leaves the running one alone', async () => {
      const subject = await open();
      const { old } = await loseLease(subject);

      await expect(subject.store.releaseLease(old.lease, earlier)).rejects.toMatchObject(isLost);

      expect(await subject.store.acquireLease(subject.id, askAt(leaseMs))).toStrictEqual({ kind: 'held' });
      expect(await subject.store.readState(subject.id)).toMatchObject({ position: 0 });
    });
  });

  describe('abandonLease', () => {
    it('leaves the state as it was', async () => {
      const subject = await open();
      const { lease } = await takeLease(subject);
      await subject.store.saveState(lease, later);

      await subject.store.abandonLease(lease, 5);

      expect(await subject.store.readState(subject.id)).toStrictEqual(later);
    });

    it('leaves the running lease of another alone', async () => {
      const subject = await open();
      const { old } = await loseLease(subject);

      await subject.store.abandonLease(old.lease, leaseMs);

      expect(await subject.store.acquireLease(subject.id, askAt(leaseMs + 1))).toStrictEqual({ kind: 'held' });
    });

    it('leaves a lease alone that was given back', async () => {
      const subject = await open();
      const { lease, state } = await takeLease(subject);
      await subject.store.releaseLease(lease, state);

      await subject.store.abandonLease(lease, 5);

      expect(await takeLease(subject, askAt(6))).toMatchObject({ tookOver: false });
    });
  });

  describe('deleteConnection', () => {
    it('leaves state, log and entries where they are', async () => {
      const { given, store, id } = await open();
      await leaveState(given, id, later);
      await given.appendBatch(aBatch(id, 1));
      await given.writeEntries(id, [anEntry('u')]);

      await store.deleteConnection(id);

      expect(await store.readState(id)).toStrictEqual(later);
      expect(await all(store.readLog(id, 0))).toStrictEqual([aBatch(id, 1)]);
      expect(await all(store.readAllEntries(id))).toStrictEqual([anEntry('u')]);
    });
  });
}
