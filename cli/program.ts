import { Command, type OutputConfiguration } from 'commander';
import { changesCommand } from './changes-command.ts';
import { completionCommand } from './completion-command.ts';
import { connectionsCommand } from './connections-command.ts';
import { consoleCommand } from './console-command.ts';
import { type DevOptions, devCommand } from './dev-options.ts';
import { doctorCommand } from './doctor-command.ts';
import { helpCommand } from './help-command.ts';
import { holdsCommand } from './holds-command.ts';
import type { Output } from './output.ts';
import { rebuildCommand } from './rebuild-command.ts';
import { redriveCommand } from './redrive-command.ts';
import { replayCommand } from './replay-command.ts';
import { resyncCommand } from './resync-command.ts';
import { sweepCommand } from './sweep-command.ts';
import { sweepsCommand } from './sweeps-command.ts';
import { tailCommand } from './tail-command.ts';
import { usersCommand } from './users-command.ts';
import { vendorsCommand } from './vendors-command.ts';
import { readVersion } from './version.ts';

/** `ucf` with all its commands. Each of them loads what it needs once it is run: the start of this program is that of all. */
export function createProgram(output: Output): Command {
  const dev = devCommand().action(async (options: DevOptions) => {
    const { runDev } = await import('./dev.ts');
    process.exitCode = await runDev(options, output);
  });
  const program: Command = new Command('ucf')
    .description('tells other services when a user appears, changes, changes status or disappears')
    .version(readVersion(), '--version', 'print the version of ucf')
    // Its own one knows nothing of a command below another, nor what to say where there is none.
    .helpCommand(false)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for the options and examples)')
    .addCommand(dev)
    .addCommand(vendorsCommand(output))
    .addCommand(connectionsCommand(output))
    .addCommand(sweepCommand(output))
    .addCommand(sweepsCommand(output))
    .addCommand(holdsCommand(output))
    .addCommand(usersCommand(output))
    .addCommand(changesCommand(output))
    .addCommand(tailCommand(output))
    .addCommand(resyncCommand(output))
    .addCommand(replayCommand(output))
    .addCommand(redriveCommand(output))
    .addCommand(rebuildCommand(output))
    .addCommand(doctorCommand(output))
    .addCommand(consoleCommand(output))
    .addCommand(completionCommand(() => program, output))
    .addHelpText(
      'after',
      `
Examples:
  $ ucf dev
  $ ucf connections apply connections.json --stack user-change-feed
  $ ucf tail --stack user-change-feed
  $ ucf doctor --stack user-change-feed

Results go to stdout and everything else to stderr; --json prints results for programs. Exit codes: 0 done, 1 something
failed or is held, 2 wrong usage or configuration.`,
    );
  inheritSettings(program.configureOutput(writingTo(output)).configureHelp(styledBy(output)));
  return program;
}

/** Commands made elsewhere know nothing of how this program treats errors, nor that groups have a help command. */
function inheritSettings(command: Command): void {
  if (command.commands.length > 0) command.addCommand(helpCommand(command));
  for (const child of command.commands) inheritSettings(child.copyInheritedSettings(command));
}

/** What commander says of a command line: help is a result, and what is wrong with it is not. */
function writingTo(output: Output): OutputConfiguration {
  return {
    writeOut: (text) => output.result(text.replace(/\n$/, '')),
    writeErr: (text) => output.note(text.replace(/\n$/, '')),
    // Whoever styles has looked at the terminal.
    getOutHasColors: () => output.paint !== undefined,
    getErrHasColors: () => output.paintNote !== undefined,
  };
}

function styledBy({ paint }: Output) {
  return paint === undefined ? {} : { styleTitle: (title: string) => paint('bold', title) };
}
