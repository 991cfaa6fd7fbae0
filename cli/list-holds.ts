import { type ExitCode, exitCodes } from './exit-code.ts';
import type { Feed } from './feed.ts';
import { findConnection } from './find-connection.ts';
import { endedHolds, type FoundHold, openHolds } from './find-hold.ts';
import { holdJson, holdRow } from './hold-rows.ts';
import type { Output } from './output.ts';
import { renderTable } from './render-table.ts';

/** Prints the holds of one connection, or of all: open ones first. */
export async function listHolds(
  feed: Feed,
  id: string | undefined,
  { all, json }: { readonly all: boolean; readonly json: boolean },
  output: Output,
): Promise<ExitCode> {
  const ids = id === undefined ? await feed.connections() : [(await findConnection(feed, id)).id];
  const open: FoundHold[] = [];
  const ended: FoundHold[] = [];
  for (const connectionId of ids) {
    open.push(...(await openHolds(feed, connectionId)));
    if (all) ended.push(...(await endedHolds(feed, connectionId)));
  }
  const holds = [...open, ...ended];
  if (json) output.result(JSON.stringify({ holds: holds.map(holdJson) }));
  else if (holds.length === 0) output.note(all ? 'there are no holds' : 'there are no open holds');
  else for (const line of renderTable(holds.map(holdRow))) output.result(line);
  return exitCodes.done;
}
