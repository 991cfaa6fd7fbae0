import { describe, expect, it } from 'vitest';
import { executeNow } from '../../../cli/execute-now.ts';
import type { OperatorRequest } from '../../../src/model/operator-request.ts';
import type { FeedStore } from '../../../src/store/create-store.ts';
import { aRequest } from '../store/sample-hold.ts';
import { aState, noon } from '../store/sample-log.ts';
import { acme } from './sample-feed.ts';

/** A feed of which the given sweep does what was asked; `dies` does it and leaves the request. */
function feedThat(doneIn: number, dies: 'dies' | 'lives' = 'lives') {
  const requests = new Set<OperatorRequest>();
  let sweeps = 0;
  const store: Partial<FeedStore> = {
    writeRequest: async (request) => void requests.add(request),
    readRequests: async () => [...requests],
    readState: async () => aState(sweeps >= doneIn ? { removedAt: noon } : {}),
  };
  const sweepNow = async () => {
    sweeps += 1;
    if (sweeps >= doneIn && dies === 'lives') requests.clear();
    return undefined;
  };
  return { store: store as FeedStore, sweepNow, sweeps: () => sweeps };
}

const purge = aRequest(acme, '1');
const removal: OperatorRequest = { connectionId: acme, requestId: '1', at: noon, by: 'ada', act: 'remove_connection' };

describe(executeNow, () => {
  it('sweeps once more where a sweep had a commit to finish first', async () => {
    const feed = feedThat(2);

    expect([await executeNow(feed, purge), feed.sweeps()]).toStrictEqual([true, 2]);
  });

  it('gives up where the request is not done, and leaves it', async () => {
    const feed = feedThat(9);

    expect([await executeNow(feed, purge), feed.sweeps()]).toStrictEqual([false, 3]);
  });

  it('takes a connection for removed by its state, also where the request was left behind', async () => {
    const feed = feedThat(1, 'dies');

    expect([await executeNow(feed, removal), feed.sweeps()]).toStrictEqual([true, 1]);
  });
});
