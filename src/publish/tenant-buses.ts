import type { CheckedBus, EventBus } from './ports.ts';

export type TenantBusOptions = {
  /** The bus of every tenant without one of its own. */
  readonly busName: string;
  /** Bus names by tenant. */
  readonly tenantBuses: { readonly [tenantId: string]: string };
  readonly openBus: (busName: string) => CheckedBus;
};

/** All buses of a deployment. */
export type TenantBuses = EventBus & {
  /** Asks for every bus; answers the faults of those that are missing or do not answer. */
  checkBuses(): Promise<readonly unknown[]>;
};

/** Events of a tenant go to its own bus, if it has one; those of all others share one. */
export function createTenantBuses({ busName, tenantBuses, openBus }: TenantBusOptions): TenantBuses {
  const names = [...new Set([busName, ...Object.values(tenantBuses)])];
  const buses = new Map(names.map((name) => [name, openBus(name)]));
  const nameOf = (tenantId: string | undefined) =>
    tenantId !== undefined && Object.hasOwn(tenantBuses, tenantId) ? tenantBuses[tenantId] : undefined;
  return {
    async putEntries(entries, tenantId) {
      await buses.get(nameOf(tenantId) ?? busName)?.putEntries(entries, tenantId);
    },
    async checkBuses() {
      const answers = await Promise.allSettled([...buses.values()].map((bus) => bus.checkBus()));
      return answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
    },
  };
}
