import type { Command } from 'commander';
import { chooseFeed } from '../../cli/choose-feed.ts';
import { createProgram } from '../../cli/program.ts';

const silent = { result: () => undefined, note: () => undefined };

/** What `ucf` says of a command line, were it run; undefined where it takes it. */
export function ucfFault(words: readonly string[]): string | undefined {
  const program = createProgram(silent);
  stub(program);
  try {
    program.parse([...words], { from: 'user' });
    return undefined;
  } catch (error) {
    return `ucf ${words.join(' ')}: ${(error as Error).message}`;
  }
}

/** The lines after "Examples:" in the help of a command and of those below it. */
export function examplesOf(command: Command = createProgram(silent)): readonly string[] {
  let help = '';
  const writeOut = (text: string) => {
    help += text;
  };
  command.configureOutput({ writeOut }).outputHelp();
  const own = [...help.matchAll(/^ {2}\$ (.*)$/gm)].map(([, line = '']) => line);
  return [...own, ...command.commands.flatMap(examplesOf)];
}

/** Lets every command take its words, and then nothing more than look for its feed. */
function stub(command: Command): void {
  command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const child of command.commands) stub(child);
  if (command.commands.length > 0) return;
  const hasFeed = command.options.some(({ long }) => long === '--stack');
  command.action(() => {
    if (hasFeed && command.opts().config === undefined) chooseFeed(command.opts(), {});
  });
}
