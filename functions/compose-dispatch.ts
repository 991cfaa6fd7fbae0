import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SettingsOf } from '../src/config/lambda-settings.ts';
import { publishNotices } from '../src/publish/publish-notices.ts';
import { createSqsSweepQueue } from '../src/queue/sqs-sweep-queue.ts';
import { createStore } from '../src/store/create-store.ts';
import { type DeployedParts, openBuses } from './deployed-parts.ts';
import { createDispatchHandler } from './dispatch.ts';
import { createDispatchObserver } from './observe-dispatch.ts';
import { hashText } from './sweep-names.ts';

export type DispatchParts = DeployedParts & { readonly queue: SQSClient };

/** The deployed dispatch function. Every bus is asked for each minute: one that is missing drops events without a word. */
export function composeDispatch(settings: SettingsOf<'dispatch'>, parts: DispatchParts): () => Promise<void> {
  const { table, queue, nowMs, sleep } = parts;
  const observer = createDispatchObserver(parts);
  const buses = openBuses(settings, parts);
  const dispatch = createDispatchHandler({
    ports: {
      store: createStore(table, settings.TABLE_NAME, sleep, nowMs),
      queue: createSqsSweepQueue({ client: queue, queueUrl: settings.SWEEP_QUEUE_URL }),
      publish: (notices) => publishNotices(buses, notices),
      nowMs,
      hashText,
      onFault: observer.onFault,
    },
    onDispatched: observer.onDispatched,
  });
  return async () => {
    observer.onBusesChecked(await buses.checkBuses());
    await dispatch();
  };
}
