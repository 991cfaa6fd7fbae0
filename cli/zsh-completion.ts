import type { CommandShape, ValueShape } from './command-shape.ts';

/** For zsh 5, as a file `_ucf` in a folder of fpath, or sourced after compinit. */
export function zshCompletion(commands: readonly CommandShape[]): string {
  return `#compdef ucf
# zsh completion of ucf, made by: ucf completion zsh
_ucf() {
  local at='' takes='' word prev=\${words[CURRENT-1]}
  local -a plain flags
  local -i i
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    case "\${at:+$at }$word" in
      (${commands.flatMap(({ path }) => (path === '' ? [] : [quote(path)])).join('|')}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at|$prev" in
${commands.flatMap(valueRows).join('\n')}
  esac
  case "$at" in
${commands.map(commandRow).join('\n')}
  esac
  if [[ $PREFIX != -* && $takes == file ]]; then
    _files
  elif [[ $PREFIX != -* && \${#plain} -gt 0 ]]; then
    _describe -t commands 'command' plain
  else
    _describe -o -t options 'option' flags
  fi
}
if [[ $funcstack[1] == _ucf ]]; then _ucf "$@"; else compdef _ucf ucf; fi
`;
}

function valueRows({ path, options }: CommandShape): readonly string[] {
  return options.flatMap(({ flag, value }) =>
    value === undefined ? [] : [`    (${quote(`${path}|${flag}`)}) ${actionOf(value)}; return ;;`],
  );
}

function actionOf(value: ValueShape): string {
  switch (value.kind) {
    case 'file':
      return '_files';
    case 'folder':
      return '_files -/';
    case 'words':
      return `compadd -- ${value.words.join(' ')}`;
    case 'free':
      return "_message 'a value'";
  }
}

function commandRow({ path, subcommands, options, argument }: CommandShape): string {
  const words = argument?.kind === 'words' ? argument.words.map((name) => ({ name, description: '' })) : subcommands;
  const plain = words.map(({ name, description }) => describe(name, description));
  const flags = options.map(({ flag, description }) => describe(flag, description));
  const takes = argument?.kind === 'file' ? ' takes=file' : '';
  return `    (${quote(path)}) plain=(${plain.join(' ')}) flags=(${flags.join(' ')})${takes} ;;`;
}

/** A word and what it means, with a colon between them. */
function describe(word: string, meaning: string): string {
  return quote(meaning === '' ? word : `${word.replaceAll(':', '\\:')}:${meaning}`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
