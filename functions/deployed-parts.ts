import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { createEventBridgeBus } from '../src/publish/event-bridge-bus.ts';
import { createTenantBuses, type TenantBuses } from '../src/publish/tenant-buses.ts';
import type { FeedLog } from './feed-log.ts';
import type { FeedMetrics } from './feed-metrics.ts';

/** What every deployed function is given. */
export type DeployedParts = {
  readonly table: DynamoDBClient;
  readonly bus: EventBridgeClient;
  readonly log: FeedLog;
  readonly metrics: FeedMetrics;
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
};

export type BusSettings = {
  readonly BUS_NAME: string;
  readonly TENANT_BUSES: { readonly [tenantId: string]: string };
};

export function openBuses(settings: BusSettings, { bus: client, nowMs, sleep }: DeployedParts): TenantBuses {
  return createTenantBuses({
    busName: settings.BUS_NAME,
    tenantBuses: settings.TENANT_BUSES,
    openBus: (busName) => createEventBridgeBus({ client, busName, nowMs, sleep, random: Math.random }),
  });
}
