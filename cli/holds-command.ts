import { Argument, Command, Option } from 'commander';
import { byOption, type FeedOptions, jsonOption, stackOption, stateOption, yesOption } from './feed-options.ts';
import type { Output } from './output.ts';
import type { DecisionOptions, DecisionVerb } from './request-decision.ts';

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
      const { listHolds } = await import('./list-holds.ts');
      process.exitCode = await listHolds(id, options, output);
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
      const { showHold } = await import('./show-hold.ts');
      process.exitCode = await showHold(id, options, output);
    });
}

const descriptions = {
  approve: 'let a hold go: the next complete full sweep publishes what is still true of it',
  reject: 'accept the changes of a hold silently: they are never published',
} as const satisfies { readonly [Verb in DecisionVerb]: string };

function decisionCommand(name: DecisionVerb, output: Output): Command {
  const command = new Command(name)
    .description(descriptions[name])
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
    const { requestDecision } = await import('./request-decision.ts');
    process.exitCode = await requestDecision([name, id], options, output);
  });
}

function holdArgument(): Argument {
  return new Argument('<hold>', 'id of a hold, whole or as `ucf holds list` shows it');
}
