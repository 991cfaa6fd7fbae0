import type { SettingsOf } from '../src/config/lambda-settings.ts';
import { createStore } from '../src/store/create-store.ts';
import { type DeployedParts, openBuses } from './deployed-parts.ts';
import { createPublishObserver } from './observe-publish.ts';
import { createProtectorCache } from './protector-cache.ts';
import { createPublishHandler } from './publish.ts';

/**
 * The deployed publish function. It asks nobody for the epoch: what stands in the log of a restored table was committed with its
 * event ids, and goes out under these.
 */
export function composePublish(settings: SettingsOf<'publish'>, parts: DeployedParts) {
  const { table, nowMs, sleep } = parts;
  const observer = createPublishObserver(parts);
  const store = createStore(table, settings.TABLE_NAME, sleep, nowMs);
  return createPublishHandler({
    ports: {
      store,
      bus: openBuses(settings, parts),
      protectorOf: createProtectorCache({ store, nowMs }),
      onPublished: observer.onPublished,
    },
    onFault: observer.onFault,
  });
}
