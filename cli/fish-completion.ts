import type { CommandShape, OptionShape } from './command-shape.ts';

/** For fish 3, as a file `ucf.fish` in its folder of completions. */
export function fishCompletion(commands: readonly CommandShape[]): string {
  const paths = commands.flatMap(({ path }) => (path === '' ? [] : [quote(path)]));
  return `# fish completion of ucf, made by: ucf completion fish
set -g __ucf_paths ${paths.join(' ')}
function __ucf_at
    set -l at ''
    set -l words (commandline -opc)
    set -e words[1]
    for word in $words
        set -l next (string trim -- "$at $word")
        if contains -- "$next" $__ucf_paths
            set at "$next"
        end
    end
    test "$at" = "$argv[1]"
end
complete -c ucf -f
${commands.flatMap(commandLines).join('\n')}
`;
}

function commandLines({ path, subcommands, options, argument }: CommandShape): readonly string[] {
  const here = `complete -c ucf -n ${quote(`__ucf_at ${quote(path)}`)}`;
  const values = argument?.kind === 'words' ? [`${here} -a ${quote(argument.words.join(' '))}`] : [];
  return [
    ...subcommands.map(({ name, description }) => `${here} -a ${name} -d ${quote(description)}`),
    ...values,
    ...(argument?.kind === 'file' ? [`${here} -F`] : []),
    ...options.map((option) => `${here} ${optionWords(option)}`),
  ];
}

function optionWords({ flag, description, value }: OptionShape): string {
  const long = `-l ${flag.replace(/^--/, '')}`;
  const meaning = `-d ${quote(description)}`;
  switch (value?.kind) {
    case undefined:
      return `${long} ${meaning}`;
    case 'file':
      return `${long} -r -F ${meaning}`;
    case 'folder':
      return `${long} -x -a '(__fish_complete_directories)' ${meaning}`;
    case 'words':
      return `${long} -x -a ${quote(value.words.join(' '))} ${meaning}`;
    case 'free':
      return `${long} -x ${meaning}`;
  }
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
