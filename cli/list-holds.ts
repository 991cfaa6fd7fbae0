import pMap from 'p-map';
import type { ConnectionId } from '../src/model/ids.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Feed, withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { endedHolds, type FoundHold, openHolds } from './find-hold.ts';
import { holdJson, holdRow } from './hold-rows.ts';
import { openFeed } from './open-feed.ts';
import type { Output } from './output.ts';
import { printTable } from './print-table.ts';

/** Reads of connections at a time. */
const concurrency = 8;

export type ListHoldsOptions = FeedOptions & { readonly all: boolean; readonly json: boolean };

/** Prints the holds of one connection, or of all: open ones first. */
export function listHolds(id: string | undefined, options: ListHoldsOptions, output: Output): Promise<ExitCode> {
  return withFeed(openFeed(options), async (feed) => {
    const ids = id === undefined ? await feed.connections() : [(await findConnection(feed, id)).id];
    const read = await pMap(ids, (one) => holdsOf(feed, one, options), { concurrency });
    printHolds([...read.flatMap(({ open }) => open), ...read.flatMap(({ ended }) => ended)], options, output);
    return exitCodes.done;
  });
}

async function holdsOf(feed: Feed, id: ConnectionId, { all }: { readonly all: boolean }) {
  return { open: await openHolds(feed, id), ended: all ? await endedHolds(feed, id) : [] };
}

function printHolds(holds: readonly FoundHold[], { all, json }: ListHoldsOptions, output: Output): void {
  if (json) output.result(JSON.stringify({ holds: holds.map(holdJson) }));
  else if (holds.length === 0) output.note(all ? 'there are no holds' : 'there are no open holds');
  else printTable(holds.map(holdRow), output);
}
