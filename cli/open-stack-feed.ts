import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import {
  newBusClient,
  newParameterClient,
  newQueueClient,
  newSecretsClient,
  newTableClient,
} from '../functions/aws-clients.ts';
import { openDeployedMark } from '../functions/deployed-mark.ts';
import { createProtectorCache } from '../functions/protector-cache.ts';
import { createAwsCredentialStore } from '../src/config/aws-credentials.ts';
import { createSqsSweepQueue } from '../src/queue/sqs-sweep-queue.ts';
import { createStore } from '../src/store/create-store.ts';
import { createEpochGuard } from '../src/sweep/epoch-guard.ts';
import { highestEpoch } from '../src/sweep/highest-epoch.ts';
import { createKeptEpoch } from '../src/sweep/kept-epoch.ts';
import type { Feed, FeedListener, RunningFeed } from './feed.ts';
import { followEvents } from './follow-events.ts';
import { listConnections } from './list-connections.ts';
import { newDigestKey } from './new-digest-key.ts';
import { openStackBus } from './open-stack-bus.ts';
import type { PermissionClients } from './permission-tries.ts';
import { readSaved } from './read-saved.ts';
import { type FeedStack, readStack } from './read-stack.ts';
import type { StackExamination } from './stack-finding.ts';
import { sweepOnStack } from './sweep-on-stack.ts';

const nowMs = Date.now;

/** Opens the feed of a deployed stack for looking at it. @throws config.invalid */
export async function openStackFeed(name: string): Promise<Feed> {
  return (await openStack(name)).feed;
}

/** Opens the feed of a deployed stack. It is asked to sweep, and sweeps by itself. @throws config.invalid */
export async function openRunningStackFeed(name: string, listener: FeedListener): Promise<RunningFeed> {
  const { feed, stack, readEpoch } = await openStack(name);
  const { store, protectorOf } = feed;
  const client = newQueueClient();
  const sweeping = {
    store,
    readEpoch,
    queue: createSqsSweepQueue({ client, queueUrl: stack.sweepQueueUrl }),
    follow: (...[id, from, published]: Parameters<Parameters<typeof sweepOnStack>[0]['follow']>) =>
      followEvents({ store, protectorOf, onEvent: listener.onEvent }, id, positionToFollow(from, published)),
    onSuspended: listener.onSuspended,
    nowMs,
    sleep: (ms: number) => sleep(ms),
    explainSilence: (id: string, minutes: number) => explainSilence(stack, id, minutes),
  };
  return {
    ...feed,
    async save(connection) {
      const saved = await readSaved(store, connection.id);
      if (!isDeepStrictEqual(saved, connection)) await store.saveConnection(connection, newDigestKey, nowMs());
    },
    sweepNow: (id, mode) => sweepOnStack(sweeping, id, mode),
    async close() {
      client.destroy();
      await feed.close();
    },
  };
}

/** Loaded and opened when it is asked for: only the doctor needs these. */
async function examine(stack: FeedStack, clients: PermissionClients): Promise<StackExamination> {
  const { examineStack } = await import('./examine-stack.ts');
  const own = { table: newTableClient(), queue: newQueueClient(), bus: newBusClient() };
  const all = { ...clients, ...own };
  return examineStack({ stack, clients: all, nowMs }).finally(() => {
    for (const client of Object.values(own)) client.destroy();
  });
}

type OpenStack = {
  readonly feed: Feed;
  readonly stack: FeedStack;
  /** @throws store.restored where the stack's own sweeps stop */
  readonly readEpoch: (known: number) => Promise<number>;
};

async function openStack(name: string): Promise<OpenStack> {
  const describing = new CloudFormationClient({ maxAttempts: 2 });
  const stack = await readStack(describing, name).finally(() => describing.destroy());
  const clients = { table: newTableClient(), parameters: newParameterClient(), secrets: newSecretsClient() };
  const store = createStore(clients.table, stack.tableName, (ms) => sleep(ms));
  const credentials = createAwsCredentialStore({ ...clients, prefix: stack.secretsPrefix });
  const mark = openDeployedMark({
    ...clients,
    parameterName: stack.epochParameter,
    tableName: stack.tableName,
    stackName: name,
    nowMs,
  });
  const feed: Feed = {
    store,
    nowMs,
    mark: createEpochGuard({ ...mark, readHighestEpoch: () => highestEpoch(store) }),
    runtime: 'deployed',
    refusesLoopback: !stack.allowsLoopbackVendors,
    refusesPrivate: !stack.allowsPrivateVendors,
    reach: { locate: async (connection) => connection, resolveCredentials: credentials.resolve },
    connections: () => listConnections(store),
    protectorOf: createProtectorCache({ store, nowMs }),
    openBus: () => openStackBus(stack),
    examine: () => examine(stack, clients),
    async close() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
  return { feed, stack, readEpoch: createKeptEpoch(mark) };
}

/** What an earlier sweep has left unpublished is told, too, as soon as it is published. */
function positionToFollow(from: { position: number; lastEvent: { position: number } } | undefined, published: number) {
  if (from === undefined) return published;
  return published < from.lastEvent.position ? published : from.position;
}

function explainSilence({ name, deadLetterQueueUrl }: FeedStack, id: string, minutes: number): string {
  return [
    `${id}: nothing has moved for ${minutes} minutes, and what was asked for still waits; it is done with the connection's next tick`,
    `  aws logs tail /aws/lambda/${name}-sweep --since 1h --filter-pattern '{ $.connectionId = "${id}" }' says whether its ticks fail`,
    `  aws sqs receive-message --queue-url ${deadLetterQueueUrl} shows messages that failed again and again`,
  ].join('\n');
}
