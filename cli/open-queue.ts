import { setTimeout as sleep } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { localCredentials, localRegion } from '../local/embedded-table.ts';
import type { FeedEvent } from '../src/events/feed-event.ts';
import { createQueueTarget } from '../src/publish/queue-target.ts';
import { asDelivered } from './as-delivered.ts';
import type { OpenTarget } from './open-target.ts';
import { usageFault } from './usage-fault.ts';

/** A consumer's queue, with the operator's rights. @throws config.invalid */
export function openQueue(queueUrl: string, runId: () => string): OpenTarget {
  const { protocol, hostname, origin } = readQueueUrl(queueUrl);
  // A queue on this machine, such as one of ucf dev, looks at no signature.
  const isLocal = protocol === 'http:' && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(hostname);
  const { region } = placeOf(queueUrl);
  const client = new SQSClient({
    endpoint: origin,
    maxAttempts: 4,
    ...(region !== undefined && { region }),
    ...(isLocal && { region: localRegion, credentials: localCredentials }),
  });
  const bodyOf = (event: FeedEvent) => JSON.stringify({ ...asDelivered(event), ...placeOf(queueUrl) });
  const { take } = createQueueTarget({ client, queueUrl, bodyOf, runId, sleep: (ms) => sleep(ms) });
  return { name: queueUrl, isBus: false, take, close: async () => client.destroy() };
}

function readQueueUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw usageFault(
    '--to-queue',
    `${text} is no address of a queue; expected one like https://sqs.eu-central-1.amazonaws.com/123456789012/name`,
  );
}

/** Account and region of a queue in AWS, which its messages would name as those of the bus. */
function placeOf(queueUrl: string): { readonly account?: string; readonly region?: string } {
  const [, region, account] = /^https:\/\/sqs\.([a-z0-9-]+)\.[^/]+\/(\d{12})\//.exec(queueUrl) ?? [];
  return region === undefined || account === undefined ? {} : { account, region };
}
