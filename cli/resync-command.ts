import { Argument, Command, Option } from 'commander';
import type { Output } from './output.ts';
import type { ResyncOptions } from './run-resync.ts';
import { addRunOptions } from './target-options.ts';

/** `ucf resync`: the present of users, for consumers that have lost it. */
export function resyncCommand(output: Output): Command {
  const collect = (user: string, before: readonly string[]) => [...before, user];
  const command = new Command('resync')
    .description('state the present of every user once more, as events with origin resync')
    .addArgument(new Argument('<connection>', 'id of a connection'))
    .addOption(
      new Option('--user <id>', "only this user, by the vendor's id; may be repeated")
        .default([], 'all')
        .argParser(collect),
    );
  return addRunOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ ucf resync acme --to-queue "$QUEUE_URL" --stack user-change-feed
  $ ucf resync acme --user 42 --to-bus --yes --stack user-change-feed
  $ ucf resync acme --to-bus --events events.jsonl --yes --state .state

Whoever is there is told as user.created, whose deletion was told as user.deleted; changes that are held are not told.
Broken off, the same command goes on where it stopped.
Exit codes: 0 done, 1 it failed or there is no complete baseline yet, 2 wrong usage or configuration.`,
    )
    .action(async (id: string, options: ResyncOptions) => {
      const { runResync } = await import('./run-resync.ts');
      process.exitCode = await runResync(id, options, output);
    });
}
