import { describe, expect, it } from 'vitest';
import { createTenantBuses } from '../../../src/publish/tenant-buses.ts';

const entry = (Detail: string) => ({ Source: 's', DetailType: 't', Time: new Date(0), Resources: [], Detail });

/** Buses of which one is missing, and what each has taken. */
function openBuses() {
  const taken: string[] = [];
  const buses = createTenantBuses({
    busName: 'shared',
    tenantBuses: { acme: 'acme-users', globex: 'globex-users', initech: 'acme-users' },
    openBus: (name) => ({
      async checkBus() {
        if (name === 'globex-users') throw new Error(`${name} is missing`);
      },
      async putEntries(entries) {
        taken.push(...entries.map(({ Detail }) => `${name} ${Detail}`));
      },
    }),
  });
  return { buses, taken };
}

describe('createTenantBuses', () => {
  it('puts the events of a tenant on its own bus, and those of all others on the shared one', async () => {
    const { buses, taken } = openBuses();

    await buses.putEntries([entry('1')], 'acme');
    await buses.putEntries([entry('2')], 'initech');
    await buses.putEntries([entry('3')], 'somebody');
    await buses.putEntries([entry('4')], 'toString');
    await buses.putEntries([entry('5')]);

    expect(taken).toStrictEqual(['acme-users 1', 'acme-users 2', 'shared 3', 'shared 4', 'shared 5']);
  });

  it('asks for every bus and answers the faults', async () => {
    const { buses } = openBuses();

    expect((await buses.checkBuses()).map(String)).toStrictEqual(['Error: globex-users is missing']);
  });
});
