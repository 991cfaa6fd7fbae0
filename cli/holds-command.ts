import { Argument, Command, Option } from 'commander';
import type { HoldDecision } from '../src/model/hold.ts';
import { confirm } from './confirm.ts';
import { decideHold } from './decide-hold.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { withFeed } from './feed.ts';
import { byOption, type FeedOptions, jsonOption, stackOption, stateOption, yesOption } from './feed-options.ts';
import { findHold } from './find-hold.ts';
import { listHolds } from './list-holds.ts';
import { openFeed } from './open-feed.ts';
import { operatorName } from './operator-name.ts';
import type { Output } from './output.ts';
import { showCount } from './show-count.ts';
import { showHold } from './show-hold.ts';

/** `ucf holds`: changes that are kept back for a decision. */
export function holdsCommand(output: Output): Command {
  return new Command('holds')
    .description('changes that are kept back for a decision')
    .addCommand(listCommand(output))
    .addCommand(showCommand(output))
    .addCommand(decisionCommand('approve', output))
    .addCommand(decisionCommand('reject', output))
    .addHelpText(
      'after',
      `
Examples:
  $ ucf holds list --state .state
  $ ucf holds show 1f2e3d4c-deleted --state .state
  $ ucf holds approve 1f2e3d4c-deleted --why "the Berlin office has closed" --state .state`,
    );
}

function listCommand(output: Output): Command {
  return new Command('list')
    .description('list open holds, of one connection or of all')
    .addArgument(new Argument('[connection]', 'id of a connection'))
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(new Option('--all', 'also holds that have ended').default(false))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ ucf holds list --state .state\n  $ ucf holds list acme --all --state .state',
    )
    .action(async (id: string | undefined, options: FeedOptions & { all: boolean; json: boolean }) => {
      process.exitCode = await withFeed(openFeed(options), (feed) => listHolds(feed, id, options, output));
    });
}

function showCommand(output: Output): Command {
  return new Command('show')
    .description('show a hold with the events that it would become')
    .addArgument(holdArgument())
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ ucf holds show 1f2e3d4c-deleted --state .state')
    .action(async (id: string, options: FeedOptions & { json: boolean }) => {
      process.exitCode = await withFeed(openFeed(options), (feed) => showHold(feed, id, options, output));
    });
}

type DecisionOptions = FeedOptions & { by?: string; why?: string; yes?: boolean; json: boolean };

const acts = {
  approve: {
    verdict: 'approved',
    description: 'let a hold go: the next complete full sweep publishes what is still true of it',
    consequence: 'The next complete full sweep publishes what is still true of it, once.',
  },
  reject: {
    verdict: 'rejected',
    description: 'accept the changes of a hold silently: they are never published',
    consequence: 'The next complete full sweep accepts it silently: it is never published.',
  },
} as const satisfies Record<string, { verdict: HoldDecision['verdict']; description: string; consequence: string }>;

function decisionCommand(name: keyof typeof acts, output: Output): Command {
  const command = new Command(name)
    .description(acts[name].description)
    .addArgument(holdArgument())
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(byOption())
    .addOption(new Option('--why <text>', 'why, for whoever looks at it later'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `\nExample:\n  $ ucf holds ${name} 1f2e3d4c-deleted --by ada --state .state\n\nThe first decision counts, and there is no way to take it back.`,
    );
  if (name === 'reject') command.addOption(yesOption());
  return command.action(async (id: string, options: DecisionOptions) => {
    process.exitCode = await decide(name, id, options, output);
  });
}

/** The question is asked with the feed closed: whoever thinks it over keeps no sweep waiting. */
async function decide(
  name: keyof typeof acts,
  id: string,
  options: DecisionOptions,
  output: Output,
): Promise<ExitCode> {
  const { verdict, consequence } = acts[name];
  const by = operatorName(options.by);
  const decision = (nowMs: number) => ({ by, nowMs, verdict, ...(options.why !== undefined && { why: options.why }) });
  if (name === 'reject') {
    const { connectionId, hold } = await withFeed(openFeed(options), async (feed) => {
      const found = await findHold(feed, id);
      decideHold(found, decision(feed.nowMs()));
      return found;
    });
    const what = `${showCount(hold.memberCount)} changes (${hold.kind}) of ${connectionId}`;
    if (!(await confirm(`Accept ${what} and never publish them?`, { yes: options.yes === true }))) {
      output.note('nothing was decided');
      return exitCodes.failedOrHeld;
    }
  }
  return withFeed(openFeed(options), async (feed) => {
    const request = decideHold(await findHold(feed, id), decision(feed.nowMs()));
    await feed.store.writeRequest(request);
    output.result(options.json ? JSON.stringify({ request }) : `${id} was ${verdict} by ${by}. ${consequence}`);
    return exitCodes.done;
  });
}

function holdArgument(): Argument {
  return new Argument('<hold>', 'id of a hold, whole or as `ucf holds list` shows it');
}
