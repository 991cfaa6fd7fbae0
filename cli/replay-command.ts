import { Argument, Command, Option } from 'commander';
import { instant } from '../src/model/instant.ts';
import { type ReplayRange, replayParts } from '../src/publish/replay-parts.ts';
import { withFeed } from './feed.ts';
import { findConnection } from './find-connection.ts';
import { type LogMark, readMark, typeOption } from './log-options.ts';
import { openFeed } from './open-feed.ts';
import type { Output } from './output.ts';
import { takeEvents } from './take-events.ts';
import { addRunOptions, type TargetOptions } from './target-options.ts';

type ReplayOptions = TargetOptions & {
  readonly from?: LogMark;
  readonly to?: LogMark;
  readonly type: readonly string[];
};

/** `ucf replay`: events of the log once more. */
export function replayCommand(output: Output): Command {
  const command = new Command('replay')
    .description('send events of the log once more, with the same ids and origin replay')
    .addArgument(new Argument('<connection>', 'id of a connection'))
    .addOption(
      new Option('--from <time|sequence>', 'begin with this event, or with what was committed then').argParser(
        readMark,
      ),
    )
    .addOption(
      new Option('--to <time|sequence>', 'end with this event, or with what was committed until then').argParser(
        readMark,
      ),
    )
    .addOption(typeOption());
  return addRunOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ ucf replay acme --from 4711 --to-queue "$QUEUE_URL" --stack user-change-feed
  $ ucf replay acme --from 2026-11-23T08:00:00Z --to 2026-11-23T12:00:00Z --type user.deleted --to-bus --stack user-change-feed
  $ ucf replay acme --to-bus --events events.jsonl --yes --state .state

Consumers that have an event already ignore it. Broken off, the same command goes on where it stopped.
Exit codes: 0 done, 1 it failed or events are no longer kept, 2 wrong usage or configuration.`,
    )
    .action(async (id: string, options: ReplayOptions) => {
      process.exitCode = await withFeed(openFeed(options), async (feed) => {
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
