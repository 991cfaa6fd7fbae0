import { describe, expect, it } from 'vitest';
import { connectionId } from '../../../src/model/ids.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import type { LeaseAsk, SweepStore } from '../../../src/sweep/ports.ts';
import { aState, askAt, leaseMs } from '../store/sample-log.ts';
import type { ContractSubject, OpenSubject } from './store-contract.ts';

/** Takes a lease that is there to be taken. */
export async function takeLease({ store, id }: Pick<ContractSubject, 'store' | 'id'>, ask: LeaseAsk = askAt(0)) {
  const answer = await store.acquireLease(id, ask);
  if (answer.kind !== 'taken') throw new Error(`the lease is ${answer.kind}`);
  return answer;
}

/** Leaves a state behind and nobody's lease. */
export async function leaveState(store: SweepStore, id: ContractSubject['id'], state: ConnectionState): Promise<void> {
  const { lease } = await takeLease({ store, id });
  await store.releaseLease(lease, state);
}

/** A lease that somebody else took over after it had expired. */
export async function loseLease(subject: ContractSubject) {
  const old = await takeLease(subject, askAt(0, { holder: 'old' }));
  const present = await takeLease(subject, askAt(leaseMs, { holder: 'present' }));
  return { old, present };
}

export function leaseContract(open: OpenSubject): void {
  describe('acquireLease', () => {
    it('knows nothing of a connection that nobody saved', async () => {
      const { store } = await open();

      const answer = await store.acquireLease(connectionId('nobody'), askAt(0));

      expect(answer).toStrictEqual({ kind: 'unknown_connection' });
    });

    it('answers the state that stands there, with an attempt more, and saves it', async () => {
      const { given, store, id } = await open();
      const present = aState({ position: 7, sequence: 12, attempts: 2 });
      await leaveState(given, id, present);

      const { lease, state, tookOver } = await takeLease({ store, id }, askAt(1_000));

      expect(lease).toStrictEqual({
        connectionId: id,
        token: expect.any(Number),
        holder: 'worker',
        expiresAtMs: 1_000 + leaseMs,
      });
      expect(lease.token).toBeGreaterThanOrEqual(1);
      expect(state).toStrictEqual({ ...present, attempts: 3 });
      expect(tookOver).toBe(false);
      expect(await store.readState(id)).toStrictEqual(state);
    });

    it('leaves a running lease alone until its last millisecond', async () => {
      const subject = await open();
      await takeLease(subject);

      const answer = await subject.store.acquireLease(subject.id, askAt(leaseMs - 1, { holder: 'another' }));

      expect(answer).toStrictEqual({ kind: 'held' });
      expect(await subject.store.readState(subject.id)).toMatchObject({ attempts: 1 });
    });

    it('takes an expired lease over with the next token', async () => {
      const subject = await open();

      const { old, present } = await loseLease(subject);

      expect(present.lease.token).toBe(old.lease.token + 1);
      expect(present).toMatchObject({ tookOver: true, lease: { holder: 'present' }, state: { attempts: 2 } });
    });

    it('takes a lease that was given back with the next token, over from nobody', async () => {
      const subject = await open();
      const first = await takeLease(subject);
      await subject.store.releaseLease(first.lease, first.state);

      const next = await takeLease(subject, askAt(1));

      expect(next).toMatchObject({ tookOver: false, lease: { token: first.lease.token + 1 } });
    });

    it('takes an abandoned lease over at once', async () => {
      const subject = await open();
      const first = await takeLease(subject);
      await subject.store.abandonLease(first.lease, 5);

      const next = await takeLease(subject, askAt(5, { holder: 'another' }));

      expect(next).toMatchObject({ tookOver: true, lease: { token: first.lease.token + 1 } });
    });

    it.each([
      { whose: 'of a process that died', holder: 'dead/1', ownsAllLeases: true, kind: 'taken' },
      { whose: 'of its own process', holder: 'alive/1', ownsAllLeases: true, kind: 'held' },
      { whose: 'of another, owning only its own,', holder: 'dead/1', ownsAllLeases: false, kind: 'held' },
    ])('answers $kind about a running lease $whose', async ({ holder, ownsAllLeases, kind }) => {
      const subject = await open();
      await takeLease(subject, askAt(0, { holder }));

      const answer = await subject.store.acquireLease(subject.id, askAt(1, { holder: 'alive/2', ownsAllLeases }));

      expect(answer.kind).toBe(kind);
    });

    it('gives one lease to those who ask at once', async () => {
      const { store, id } = await open();
      const asks = ['a', 'b', 'c', 'd'].map((holder) => askAt(0, { holder }));

      const answers = await Promise.all(asks.map((ask) => store.acquireLease(id, ask)));

      expect(answers.map(({ kind }) => kind).sort()).toStrictEqual(['held', 'held', 'held', 'taken']);
      expect(await store.readState(id)).toMatchObject({ attempts: 1 });
    });
  });
}
