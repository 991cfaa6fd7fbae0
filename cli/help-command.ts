import { Argument, Command } from 'commander';
import { nearestWord } from '../src/config/nearest-word.ts';

/** `ucf help` and, below a group, `ucf holds help`: the help of what the words lead to, however deep that lies. */
export function helpCommand(above: Command): Command {
  return new Command('help')
    .description('print the help of a command')
    .addArgument(new Argument('[command...]', 'the words of a command'))
    .action((words: readonly string[]) => {
      words.reduce(childOf, above).help();
    });
}

function childOf(command: Command, word: string): Command {
  const known = command.commands.map((one) => one.name());
  const child = command.commands.find((one) => one.name() === word);
  if (child !== undefined) return child;
  const nearest = nearestWord(word, known);
  const hint = nearest === undefined ? '' : `\n(Did you mean ${nearest}?)`;
  return command.error(`error: unknown command '${word}'${hint}`);
}
