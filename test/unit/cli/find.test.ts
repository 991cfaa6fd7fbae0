import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../cli/exit-code.ts';
import { findConnection } from '../../../cli/find-connection.ts';
import { findHold } from '../../../cli/find-hold.ts';
import { at } from '../../support/builders.ts';
import { aHold, aRecord } from '../store/sample-hold.ts';
import { aState } from '../store/sample-log.ts';
import { acme, aFeed } from './sample-feed.ts';

const holdId = '20261123T081530000Z-1f2e3d4c-deleted';

async function faultOf(asking: Promise<unknown>) {
  const error = await asking.catch((thrown: unknown) => thrown);
  return { exitCode: exitCodeOf(error), message: (error as Error).message };
}

describe(findConnection, () => {
  it('lists the connections there are where one is unknown, and the one that was probably meant', async () => {
    expect(await faultOf(findConnection(aFeed(), 'acmee'))).toStrictEqual({
      exitCode: 2,
      message: 'acmee: there is no such connection; did you mean acme? There is acme',
    });
    expect((await faultOf(findConnection(aFeed(), ''))).message).toBe(
      'connection: there is no such connection; there is acme',
    );
  });

  it('says of a removed connection when that was', async () => {
    const removed = aFeed({ isRemoved: true, state: aState({ removedAt: at(5) }) });

    expect(await faultOf(findConnection(removed, 'acme'))).toStrictEqual({
      exitCode: 2,
      message:
        'acme: was removed at 2026-11-23 08:05:00 UTC; ucf connections apply FILE adds it again, and it goes on where it stopped',
    });
  });
});

describe(findHold, () => {
  it.each([holdId, '1f2e3d4c-deleted'])('finds an open hold by %s, and the decision that waits', async (id) => {
    const waits = { connectionId: acme, requestId: '1', at: at(3), by: 'ada', act: 'decide_hold', verdict: 'approved' };
    const feed = aFeed({
      state: aState({ holds: [aHold(holdId)] }),
      requests: [{ ...waits, holdId } as never],
      records: [aRecord(acme, holdId, { preview: ['one'] })],
    });

    expect(await findHold(feed, id)).toMatchObject({
      connectionId: acme,
      hold: { holdId },
      preview: ['one'],
      waiting: { verdict: 'approved', by: 'ada', at: at(3) },
    });
  });

  it('finds a hold that has ended, but none of a sweep that died before its commit', async () => {
    const end = { ending: 'released', at: at(9), settled: 60, dissolved: 0 } as const;

    expect(await findHold(aFeed({ records: [aRecord(acme, holdId, { end })] }), holdId)).toMatchObject({ end });
    expect(await faultOf(findHold(aFeed({ records: [aRecord(acme, holdId)] }), holdId))).toStrictEqual({
      exitCode: 2,
      message: `${holdId}: there is no such hold; ucf holds list --all lists all there are, with their ids`,
    });
  });
});
