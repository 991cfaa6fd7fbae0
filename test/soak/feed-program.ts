import { setTimeout as sleep } from 'node:timers/promises';
import { createTableMeter } from '../../bench/table-meter.ts';
import { startRuntime } from '../../local/start-runtime.ts';
import { openStateFolder } from '../../local/state-folder.ts';
import { parseConnectionFile } from '../../src/config/connection-file.ts';
import { createCredentialStore } from '../../src/config/credentials.ts';
import { vendors } from '../../src/vendors/registry.ts';
import { createOperator } from './create-operator.ts';
import type { FromFeed, ToFeed } from './feed-messages.ts';

/** The embedded runtime in a process of its own, steered by messages: nothing of the test weighs on its memory. */

const dispatchEveryMs = 1_000;
const lookEveryMs = 5_000;

const meter = createTableMeter();
let dispatches = 0;
const asked: ToFeed[] = [];
let wake = (): void => undefined;
// Nobody is left to tell.
process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  asked.push(message as ToFeed);
  wake();
});

async function nextAsk(): Promise<ToFeed> {
  for (;;) {
    const [ask] = asked.splice(0, 1);
    if (ask !== undefined) return ask;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

/** Resolves once the message is on its way: events are told in their order, and not faster than they are read. */
function tell(message: FromFeed): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, undefined, {}, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
}

async function lookAtMemory(): Promise<void> {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  await tell({ kind: 'memory', memory: { atMs: Date.now(), heapBytes: heapUsed + external, rssBytes: rss } });
}

async function run(start: Extract<ToFeed, { kind: 'start' }>): Promise<void> {
  const { connections } = parseConnectionFile(start.connections, {
    vendors,
    runtime: 'embedded',
    fileName: 'the soak',
  });
  const ids = connections.map(({ id }) => id);
  const folder = await openStateFolder(undefined);
  const credentials = createCredentialStore({ env: start.environment, readFile: async () => '' });
  const runtime = await startRuntime({
    folder,
    vendors,
    resolveCredentials: credentials.resolve,
    onEvent: (event) => tell({ kind: 'event', event, atMs: Date.now() }),
    onResult(_, result) {
      if (result.kind === 'swept') void tell({ kind: 'report', report: result.report });
    },
    onFault: (where, error) =>
      void tell({ kind: 'fault', where, message: error instanceof Error ? error.message : String(error) }),
    onTable: (client) => meter.tap(client),
  });
  const operator = createOperator(runtime.store, ids);
  await runtime.saveConnections(connections);
  await runtime.sweepNow(ids);
  await tell({ kind: 'ready' });
  for (let nextLookMs = 0, ask: ToFeed | undefined; ask?.kind !== 'stop'; ask = asked.shift()) {
    if (ask?.kind === 'count') {
      meter.take();
      dispatches = 0;
    }
    if (ask?.kind === 'settle') {
      // What was due before is over with the first of these: units are counted up to here.
      await runtime.sweepNow([]);
      const { read: reads, write: writes } = meter.take();
      await tell({ kind: 'counted', use: { reads, writes, dispatches } });
      for (let sweep = 0; sweep < ask.sweeps; sweep += 1) {
        await operator.approve(Date.now());
        await runtime.sweepNow(ids, 'full');
      }
      await runtime.publishLeftovers(ids);
      await tell({ kind: 'settled' });
      continue;
    }
    await runtime.dispatch();
    dispatches += 1;
    await operator.lookAround();
    if (Date.now() >= nextLookMs) {
      await lookAtMemory();
      nextLookMs = Date.now() + lookEveryMs;
    }
    await sleep(dispatchEveryMs);
  }
  await runtime.close();
  await folder.close();
}

const first = await nextAsk();
if (first.kind === 'start') await run(first);
process.disconnect?.();
