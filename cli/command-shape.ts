import type { Command, Option } from 'commander';

/** What can stand for a value: one of some words, a file, a folder, or what nobody can foresee. */
export type ValueShape =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'file' | 'folder' | 'free' };

export type OptionShape = {
  readonly flag: string;
  readonly description: string;
  /** Left out for an option that is there or not. */
  readonly value?: ValueShape;
};

/** A command as a command line is completed. */
export type CommandShape = {
  /** The words that lead to it, `connections apply`; empty for the program itself. */
  readonly path: string;
  readonly subcommands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionShape[];
  /** Of its first argument; left out where it takes none. */
  readonly argument?: ValueShape;
};

/** A command and all below it. */
export function shapesOf(command: Command, above: readonly string[] = []): readonly CommandShape[] {
  const help = command.createHelp();
  const visible = help.visibleCommands(command);
  const [argument] = command.registeredArguments;
  const subcommands = visible.map((one) => ({ name: one.name(), description: one.description() }));
  const shape: CommandShape = {
    path: above.join(' '),
    subcommands,
    options: help.visibleOptions(command).flatMap(optionShape),
    ...(argument && { argument: valueShape(`<${argument.name()}>`, argument.argChoices) }),
  };
  const below = visible.flatMap((one) => {
    const path = [...above, one.name()];
    return one.name() === 'help' ? shapesOfHelp(command, path) : shapesOf(one, path);
  });
  return [shape, ...below];
}

/** Its words are the names of commands, however deep they lie. */
function shapesOfHelp({ commands }: Command, path: readonly string[]): readonly CommandShape[] {
  const named = commands.filter((one) => one.name() !== 'help');
  const argument: ValueShape = { kind: 'words', words: named.map((one) => one.name()) };
  const groups = named.filter((one) => one.commands.length > 0);
  return [
    { path: path.join(' '), subcommands: [], options: [], argument },
    ...groups.flatMap((group) => shapesOfHelp(group, [...path, group.name()])),
  ];
}

function optionShape(option: Option): readonly OptionShape[] {
  if (option.long === null || option.long === undefined) return [];
  const { long: flag, description, required, argChoices } = option;
  return [{ flag, description, ...(required && { value: valueShape(option.flags, argChoices) }) }];
}

function valueShape(flags: string, choices: readonly string[] | undefined): ValueShape {
  if (choices !== undefined) return { kind: 'words', words: choices };
  if (flags.includes('<file>')) return { kind: 'file' };
  return flags.includes('<dir>') ? { kind: 'folder' } : { kind: 'free' };
}
