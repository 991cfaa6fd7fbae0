import { instant } from '../src/model/instant.ts';
import { type ReplayRange, replayParts } from '../src/publish/replay-parts.ts';
import type { ExitCode } from './exit-code.ts';
import { withFeed } from './feed.ts';
import { findConnection } from './find-connection.ts';
import type { LogMark } from './log-options.ts';
import { openFeed } from './open-feed.ts';
import type { Output } from './output.ts';
import { takeEvents } from './take-events.ts';
import type { TargetOptions } from './target-options.ts';

export type ReplayOptions = TargetOptions & {
  readonly from?: LogMark;
  readonly to?: LogMark;
  readonly type: readonly string[];
};

/** Sends events of a log once more. */
export function runReplay(id: string, options: ReplayOptions, output: Output): Promise<ExitCode> {
  return withFeed(openFeed(options), async (feed) => {
    const connection = await findConnection(feed, id);
    const range = rangeOf(options);
    const taking = {
      connectionId: connection.id,
      asked: ['replay', options.from, options.to, options.type],
      what: `${id}: ${options.type.length > 0 ? options.type.join(', ') : 'all events'} of the log`,
      basis: async () => '',
      partsOf: (run: Parameters<typeof replayParts>[2]['run']) => replayParts(feed, connection.id, { range, run }),
    };
    return takeEvents(feed, taking, options, output);
  });
}

function rangeOf({ from, to, type }: ReplayOptions): ReplayRange {
  return {
    from: placeBefore(from),
    ...(to !== undefined && { to: 'at' in to ? { until: to.at } : to }),
    ...(type.length > 0 && { types: new Set(type) }),
  };
}

function placeBefore(from: LogMark | undefined): ReplayRange['from'] {
  if (from === undefined) return { since: instant(0) };
  return 'at' in from ? { since: from.at } : { sequence: Math.max(0, from.sequence - 1) };
}
