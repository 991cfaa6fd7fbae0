import { asDelivered } from './as-delivered.ts';
import { eventLine } from './event-line.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Feed, withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findHold, type HoldFacts } from './find-hold.ts';
import { holdFacts, holdJson } from './hold-rows.ts';
import { openFeed } from './open-feed.ts';
import type { Output } from './output.ts';
import { previewHold } from './preview-hold.ts';
import { renderFacts } from './render-facts.ts';
import { showCount } from './show-count.ts';

export type ShowHoldOptions = FeedOptions & { readonly json: boolean };

/** Prints a hold with the events that it would become. */
export function showHold(id: string, options: ShowHoldOptions, output: Output): Promise<ExitCode> {
  return withFeed(openFeed(options), (feed) => printHold(feed, id, options, output));
}

async function printHold(
  feed: Feed,
  id: string,
  { json }: { readonly json: boolean },
  output: Output,
): Promise<ExitCode> {
  const found = await findHold(feed, id);
  const { connectionId, hold } = found;
  const report = await feed.store.readReport(connectionId, hold.sweepId);
  const stamp = report && { startedAt: report.startedAt, usersSeen: report.counts.seen };
  const events = previewHold(found, await feed.protectorOf(connectionId), stamp);
  if (json) {
    const shown = events.map(({ type, metadata, data }) => ({
      type,
      ...('userId' in metadata && { userId: metadata.userId }),
      ...('changedFields' in data && { changedFields: data.changedFields }),
      data,
    }));
    output.result(JSON.stringify({ hold: holdJson(found), events: shown }));
    return exitCodes.done;
  }
  for (const line of renderFacts(holdFacts(found))) output.result(line);
  output.result('');
  output.result(sayEvents(found, events.length));
  for (const event of events) output.result(`  ${eventLine(asDelivered(event), output.paint)}`);
  return exitCodes.done;
}

/** What the lines below are, and how many of how many. */
function sayEvents({ hold, end }: HoldFacts, shown: number): string {
  if (end !== undefined) return 'It has ended; examples of its events are not kept.';
  if (hold.members === undefined)
    return 'It would become no events: users keep their old values until the vendor shows them again.';
  const verb =
    hold.decision?.verdict === 'rejected' ? 'The events that it will not become' : 'The events that it would become';
  return `${verb}, ${showCount(shown)} of ${showCount(hold.memberCount)} shown:`;
}
