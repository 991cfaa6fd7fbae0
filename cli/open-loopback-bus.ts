import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { localCredentials, localRegion } from '../local/embedded-table.ts';
import { startEventBus } from '../local/event-bus/event-bus.ts';
import { createEventBridgeBus } from '../src/publish/event-bridge-bus.ts';
import type { BusOpening } from './open-bus.ts';

const busName = 'user-change-feed';

/** The bus of a feed on this machine, as `ucf dev` has one. */
export const openLoopbackBus: BusOpening = async (onEvent) => {
  const bus = await startEventBus({ busNames: [busName], onEvent });
  const client = new EventBridgeClient({
    endpoint: bus.endpoint,
    region: localRegion,
    credentials: localCredentials,
  });
  const { putEntries } = createEventBridgeBus({ client, busName, nowMs: Date.now, sleep, random: Math.random });
  return {
    putEntries,
    async close() {
      client.destroy();
      await bus.close();
    },
  };
};
