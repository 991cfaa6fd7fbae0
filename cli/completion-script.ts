import type { Command } from 'commander';
import { bashCompletion } from './bash-completion.ts';
import { shapesOf } from './command-shape.ts';
import type { Shell } from './completion-command.ts';
import { fishCompletion } from './fish-completion.ts';
import { zshCompletion } from './zsh-completion.ts';

const writers = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** The completion of a program for a shell, made from the program itself. */
export function completionScript(shell: Shell, program: Command): string {
  return writers[shell](shapesOf(program));
}
