import { describe, expect, it, vi } from 'vitest';
import { orderSweep, type SweepPorts } from '../../../console/server/order-sweep.ts';
import type { Connection } from '../../../src/model/connection.ts';
import { type ConnectionId, connectionId } from '../../../src/model/ids.ts';

const acme = connectionId('acme');
const other = connectionId('other');

/** A desk whose sweeps go on until they are told to end. */
function deskWith() {
  const sweeps: PromiseWithResolvers<undefined>[] = [];
  const faults: string[] = [];
  const sweeping = new Set<ConnectionId>();
  const store = {
    readConnection: async (id: ConnectionId) => ({ id }) as Connection,
    readState: async () => undefined,
  };
  const sweepNow = () => {
    const sweep = Promise.withResolvers<undefined>();
    sweeps.push(sweep);
    return sweep.promise;
  };
  const ports = { feed: { store, sweepNow }, onFault: (where: string) => void faults.push(where), sweeping };
  return { ports: ports as unknown as SweepPorts, sweeps, faults, sweeping };
}

describe(orderSweep, () => {
  it('answers before the sweep is over', async () => {
    const { ports, sweeps } = deskWith();

    await expect(orderSweep(ports, acme)).resolves.toStrictEqual({ asked: acme });
    expect(sweeps).toHaveLength(1);
  });

  it('asks for no second sweep while the first one goes on', async () => {
    const { ports, sweeps } = deskWith();
    const both = await Promise.allSettled([orderSweep(ports, acme), orderSweep(ports, acme)]);

    expect(both).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { status: 409 } }]);
    expect(sweeps).toHaveLength(1);
  });

  it('sweeps another connection meanwhile', async () => {
    const { ports, sweeps } = deskWith();
    await orderSweep(ports, acme);
    await orderSweep(ports, other);

    expect(sweeps).toHaveLength(2);
  });

  it.each([
    ['done', (sweep: PromiseWithResolvers<undefined>) => sweep.resolve(undefined), []],
    ['failed', (sweep: PromiseWithResolvers<undefined>) => sweep.reject(new Error('no')), ['sweeping acme']],
  ] as const)('sweeps again once the first one is %s', async (_, end, said) => {
    const { ports, sweeps, faults, sweeping } = deskWith();
    await orderSweep(ports, acme);
    for (const sweep of sweeps) end(sweep);
    await vi.waitFor(() => expect(sweeping.size).toBe(0), 60_000);

    await expect(orderSweep(ports, acme)).resolves.toStrictEqual({ asked: acme });
    expect(faults).toStrictEqual(said);
  });
});
