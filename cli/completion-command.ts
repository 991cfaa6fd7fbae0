import { Argument, Command } from 'commander';
import { jsonOption } from './feed-options.ts';
import type { Output } from './output.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** `ucf completion`: what a shell needs to complete the command line of `ucf`. */
export function completionCommand(program: () => Command, output: Output): Command {
  return new Command('completion')
    .description('print a script with which a shell completes commands, options and their values')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ ucf completion bash >> ~/.bash_completion
  $ ucf completion zsh > ~/.zfunc/_ucf
  $ ucf completion fish > ~/.config/fish/completions/ucf.fish

For zsh the folder must be in fpath before compinit is called. The script is made from the commands of this version: make it
anew after an upgrade. Ids of connections and holds are not completed: looking for them would open the feed at every key.`,
    )
    .action(async (shell: Shell, { json }: { readonly json: boolean }) => {
      const { completionScript } = await import('./completion-script.ts');
      const script = completionScript(shell, program());
      output.result(json ? JSON.stringify({ shell, script }) : script.trimEnd());
    });
}
