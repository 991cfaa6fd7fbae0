import { setTimeout as sleep } from 'node:timers/promises';
import { newBusClient } from '../functions/aws-clients.ts';
import { createEventBridgeBus } from '../src/publish/event-bridge-bus.ts';
import { createTenantBuses } from '../src/publish/tenant-buses.ts';
import type { OpenBus } from './open-bus.ts';
import type { FeedStack } from './read-stack.ts';
import { usageFault } from './usage-fault.ts';

/** The buses of a deployed stack, with the operator's rights. @throws config.invalid */
export async function openStackBus({ name, busName, tenantBuses }: FeedStack): Promise<OpenBus> {
  if (busName === undefined)
    throw usageFault(name, 'the stack has no output BusName; deploy it again with npx cdk deploy');
  const client = newBusClient();
  const openBus = (one: string) =>
    createEventBridgeBus({ client, busName: one, nowMs: Date.now, sleep: (ms) => sleep(ms), random: Math.random });
  const { putEntries } = createTenantBuses({ busName, tenantBuses, openBus });
  return { putEntries, close: async () => client.destroy() };
}
