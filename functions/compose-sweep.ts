import { randomUUID } from 'node:crypto';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Dispatcher } from 'undici';
import { createAwsCredentialStore } from '../src/config/aws-credentials.ts';
import type { SettingsOf } from '../src/config/lambda-settings.ts';
import { FeedError } from '../src/model/feed-error.ts';
import { publishLog } from '../src/publish/publish-log.ts';
import { createSqsSweepQueue, type SweepQueue } from '../src/queue/sqs-sweep-queue.ts';
import { createStore } from '../src/store/create-store.ts';
import type { QueuedMessage } from '../src/sweep/dispatch-ports.ts';
import { createKeptEpoch } from '../src/sweep/kept-epoch.ts';
import { createHttpClient } from '../src/vendors/http/create-http-client.ts';
import { createTokenCache } from '../src/vendors/http/create-token-cache.ts';
import { createSessionCookies } from '../src/vendors/http/session-cookies.ts';
import type { Vendor } from '../src/vendors/vendor.ts';
import { openDeployedMark } from './deployed-mark.ts';
import { type DeployedParts, openBuses } from './deployed-parts.ts';
import { createKnownTenants } from './known-tenants.ts';
import { createSweepObserver } from './observe-sweep.ts';
import { openUserList } from './open-user-list.ts';
import { createProtectorCache } from './protector-cache.ts';
import { createSweepHandler } from './sweep.ts';
import { hashText, newSweepId } from './sweep-names.ts';

export type SweepParts = DeployedParts & {
  readonly queue: SQSClient;
  readonly parameters: SSMClient;
  readonly secrets: SecretsManagerClient;
  readonly dispatcher: Dispatcher;
  readonly vendors: readonly Vendor[];
};

/** The deployed sweep function. */
export function composeSweep(settings: SettingsOf<'sweep'>, parts: SweepParts) {
  const { table, dispatcher, vendors, nowMs, sleep } = parts;
  const tenants = createKnownTenants();
  const observer = createSweepObserver({ ...parts, whose: tenants.whose });
  const store = createStore(table, settings.TABLE_NAME, sleep, nowMs);
  const queue = createSqsSweepQueue({ client: parts.queue, queueUrl: settings.SWEEP_QUEUE_URL });
  const credentials = createAwsCredentialStore({ ...parts, prefix: settings.SECRETS_PREFIX });
  const mark = openDeployedMark({
    ...parts,
    parameterName: settings.EPOCH_PARAMETER,
    tableName: settings.TABLE_NAME,
    stackName: settings.POWERTOOLS_SERVICE_NAME,
  });
  const publish = {
    store,
    bus: openBuses(settings, parts),
    protectorOf: createProtectorCache({ store, nowMs }),
  };
  const lists = {
    findVendor: (id: string) => vendors.find((vendor) => vendor.id === id),
    io: {
      http: createHttpClient({
        dispatcher,
        nowMs,
        sleep,
        random: Math.random,
        onTry: observer.onTry,
        refusesLoopback: !settings.ALLOW_LOOPBACK_VENDORS,
      }),
      tokens: createTokenCache(nowMs),
      sessions: createSessionCookies(),
    },
    resolveCredentials: credentials.resolve,
  };
  return createSweepHandler({
    ports: {
      store,
      republish: async (id, waitingSince) => {
        observer.onUnpublished(id, waitingSince);
        await publishLog(publish, id);
      },
      readEpoch: createKeptEpoch(mark),
      nowMs,
      newSweepId,
      hashText,
    },
    places: store,
    readConnection: tenants.watch(store.readConnection),
    openList: (connection) => openUserList(connection, lists),
    continueSweep: (message, { tenantId }) => sendNext(queue, { message, tenantId }),
    holder: randomUUID(),
    ownsAllLeases: false,
    onResult: observer.onResult,
    onFault: observer.onFault,
  });
}

async function sendNext(queue: SweepQueue, next: QueuedMessage): Promise<void> {
  if ((await queue.send([next])).length === 0) return;
  throw new FeedError('queue.unavailable', 'the sweep queue did not take the message for the next tick', {
    messages: 1,
  });
}
