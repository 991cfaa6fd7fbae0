import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { type FeedOptions, jsonOption, stackOption, stateOption } from './feed-options.ts';
import type { Output } from './output.ts';

/** `ucf sweeps`: what sweeps saw, proved and did. */
export function sweepsCommand(output: Output): Command {
  return new Command('sweeps')
    .description('what past sweeps saw, proved and did')
    .addCommand(listCommand(output))
    .addCommand(showCommand(output))
    .addHelpText(
      'after',
      '\nExamples:\n  $ ucf sweeps list acme --state .state\n  $ ucf sweeps show acme latest --state .state',
    );
}

function listCommand(output: Output): Command {
  return new Command('list')
    .description('list the sweeps of a connection, the newest first')
    .addArgument(new Argument('<connection>', 'id of a connection'))
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(new Option('--limit <n>', 'at most so many').default(20).argParser(readLimit))
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ ucf sweeps list acme --limit 5 --state .state')
    .action(async (id: string, options: FeedOptions & { limit: number; json: boolean }) => {
      const { showSweeps } = await import('./show-sweeps.ts');
      process.exitCode = await showSweeps(id, options, output);
    });
}

function showCommand(output: Output): Command {
  return new Command('show')
    .description('show a sweep: the evidence that its list was complete, and what came of it')
    .addArgument(new Argument('<connection>', 'id of a connection'))
    .addArgument(new Argument('[sweep]', 'id of a sweep, or the part of it that the list shows').default('latest'))
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ ucf sweeps show acme --state .state\n  $ ucf sweeps show acme 1f2e3d4c --state .state',
    )
    .action(async (id: string, sweep: string, options: FeedOptions & { json: boolean }) => {
      const { showSweep } = await import('./show-sweeps.ts');
      process.exitCode = await showSweep([id, sweep], options, output);
    });
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit > 0) return limit;
  throw new InvalidArgumentError('expected a number from 1 on.');
}
