import { Command } from 'commander';
import { changesCommand } from './changes-command.ts';
import { connectionsCommand } from './connections-command.ts';
import { runDev } from './dev.ts';
import { type DevOptions, devCommand } from './dev-options.ts';
import { doctorCommand } from './doctor-command.ts';
import { holdsCommand } from './holds-command.ts';
import type { Output } from './output.ts';
import { redriveCommand } from './redrive-command.ts';
import { replayCommand } from './replay-command.ts';
import { resyncCommand } from './resync-command.ts';
import { sweepCommand } from './sweep-command.ts';
import { sweepsCommand } from './sweeps-command.ts';
import { usersCommand } from './users-command.ts';
import { vendorsCommand } from './vendors-command.ts';

/** `ucf` with all its commands. */
export function createProgram(output: Output): Command {
  const dev = devCommand().action(async (options: DevOptions) => {
    process.exitCode = await runDev(options, output);
  });
  const program = new Command('ucf')
    .description('tells other services when a user appears, changes, changes status or disappears')
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
    .addCommand(resyncCommand(output))
    .addCommand(replayCommand(output))
    .addCommand(redriveCommand(output))
    .addCommand(doctorCommand(output));
  inheritSettings(program);
  return program;
}

/** Commands made elsewhere know nothing of how this program treats errors. */
function inheritSettings(command: Command): void {
  for (const child of command.commands) inheritSettings(child.copyInheritedSettings(command));
}
