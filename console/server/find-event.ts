import { findConnection } from '../../cli/find-connection.ts';
import { sweepFacts } from '../../cli/sweep-facts.ts';
import type { FeedEvent } from '../../src/events/feed-event.ts';
import { sweepId } from '../../src/model/ids.ts';
import { readEvents } from '../../src/publish/read-events.ts';
import type { ToldChange, ToldEventDetail } from '../api/told-event.ts';
import type { ConsoleFeed } from './console-feed.ts';
import { explainEvent } from './explain-event.ts';
import { listFields } from './list-fields.ts';
import { refusal } from './refusal.ts';
import { showValue } from './show-value.ts';
import { tellEvent } from './tell-event.ts';
import { tellFacts } from './tell-facts.ts';

/** One event of the log with all that explains it. @throws log.expired, log.ahead, config.invalid */
export async function findEvent(feed: ConsoleFeed, key: string): Promise<ToldEventDetail> {
  const [, connection = '', epoch, sequence] = /^(.+)~(\d+)~(\d+)$/.exec(key) ?? [];
  const { id } = await findConnection(feed, connection);
  for await (const { events } of readEvents(feed, id, { epoch: Number(epoch), sequence: Number(sequence) - 1 })) {
    const found = events.find(({ metadata }) => metadata.sequence === Number(sequence));
    if (found === undefined) continue;
    const report = found.metadata.sweep && (await feed.store.readReport(id, sweepId(found.metadata.sweep.sweepId)));
    return {
      event: tellEvent(found),
      reasons: explainEvent(found),
      sides: sidesOf(found),
      evidence: report === undefined ? [] : tellFacts(sweepFacts(report)),
      published: JSON.stringify({ type: found.type, metadata: found.metadata, data: found.data }, undefined, 2),
    };
  }
  throw refusal(404, `${connection} has no event ${sequence ?? key}`);
}

/** Changed fields first. Who is new has no before; who is gone has no after. */
function sidesOf(event: FeedEvent): ToldEventDetail['sides'] {
  if (!('user' in event.data)) return [];
  const told = tellEvent(event);
  const changed = new Set(told.changes.map(({ field }) => field));
  const rest = listFields(event.data.user as object)
    .filter(([name]) => !changed.has(name))
    .map(([field, value]) => sideOf(event, field, showValue(value)))
    .map((side) => ({ ...side, isChanged: side.before === undefined || side.after === undefined }));
  return [...told.changes.map((change) => ({ ...change, isChanged: true })), ...rest];
}

function sideOf(event: FeedEvent, field: string, value: string): ToldChange {
  if (event.type === 'user.created') return { field, after: value };
  return event.type === 'user.deleted' && field !== 'id'
    ? { field, before: value }
    : { field, before: value, after: value };
}
