import fc from 'fast-check';
import { expect } from 'vitest';
import type { Lease } from '../../src/sweep/ports.ts';
import { expectState, markedState, type StoreModel, type StoreUnderTest } from './store-model.ts';

type Command = fc.AsyncCommand<StoreModel, StoreUnderTest>;

/** A write under some lease that was given at some time: refused unless it is the latest, and not given back. */
function underLease(
  name: string,
  pick: number,
  act: (subject: StoreUnderTest, lease: Lease, model: StoreModel) => Promise<void>,
): Command {
  return {
    check: ({ token }) => token > 0,
    async run(model, subject) {
      const lease = subject.leases[pick % subject.leases.length] as Lease;
      await act(subject, lease, model);
      await expectState(subject, model);
    },
    toString: () => `${name} under lease ${pick}`,
  };
}

const isInForce = ({ token }: Lease, model: StoreModel) => token === model.token && model.holder !== undefined;

async function expectLost(write: Promise<void>): Promise<void> {
  await expect(write).rejects.toMatchObject({ code: 'sweep.lease_lost' });
}

const acquiring = fc
  .record({
    who: fc.constantFrom('a/1', 'a/2', 'b/1'),
    ownsAllLeases: fc.boolean(),
    waitMs: fc.constantFrom(0, 1, 999, 1_000),
  })
  .map(
    ({ who, ownsAllLeases, waitMs }): Command => ({
      check: () => true,
      async run(model, subject) {
        model.nowMs += waitMs;
        const isOfDead = ownsAllLeases && model.holder?.split('/')[0] !== who.split('/')[0];
        const isHeld = model.holder !== undefined && model.expiresAtMs > model.nowMs && !isOfDead;
        const ask = { holder: who, nowMs: model.nowMs, expiresAtMs: model.nowMs + 1_000, ownsAllLeases };

        const answer = await subject.store.acquireLease(subject.id, ask);

        expect(answer.kind).toBe(isHeld ? 'held' : 'taken');
        if (answer.kind === 'taken') {
          expect(answer.tookOver).toBe(model.holder !== undefined);
          expect(answer.lease.token).toBeGreaterThan(model.token);
          subject.leases.push(answer.lease);
          Object.assign(model, { token: answer.lease.token, holder: who, expiresAtMs: ask.expiresAtMs });
          model.attempts += 1;
        }
        await expectState(subject, model);
      },
      toString: () => `${who} asks for the lease ${waitMs} ms later${ownsAllLeases ? ', and owns all of them' : ''}`,
    }),
  );

const saving = fc.tuple(fc.nat(9), fc.nat(99)).map(([pick, mark]) =>
  underLease(`save ${mark}`, pick, async ({ store }, lease, model) => {
    const write = store.saveState(lease, markedState(mark, model.attempts));
    if (!isInForce(lease, model)) return expectLost(write);
    await write;
    Object.assign(model, { mark, expiresAtMs: lease.expiresAtMs });
  }),
);

const releasing = fc.tuple(fc.nat(9), fc.nat(99)).map(([pick, mark]) =>
  underLease(`give back with ${mark}`, pick, async ({ store }, lease, model) => {
    // Giving the latest one back a second time is harmless: an answer may have been lost.
    if (lease.token === model.token && model.holder === undefined)
      return store.releaseLease(lease, markedState(model.mark, model.attempts));
    const write = store.releaseLease(lease, markedState(mark, model.attempts));
    if (!isInForce(lease, model)) return expectLost(write);
    await write;
    Object.assign(model, { mark, holder: undefined });
  }),
);

const abandoning = fc.nat(9).map((pick) =>
  underLease('abandon', pick, async ({ store }, lease, model) => {
    await store.abandonLease(lease, model.nowMs);
    if (isInForce(lease, model)) model.expiresAtMs = model.nowMs;
  }),
);

/** Workers who take leases, lose them without noticing, and go on writing. */
export const leaseCommands: readonly fc.Arbitrary<Command>[] = [acquiring, acquiring, saving, releasing, abandoning];
