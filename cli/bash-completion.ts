import type { CommandShape, ValueShape } from './command-shape.ts';

/** For bash from 3.2 on, which macOS has. */
export function bashCompletion(commands: readonly CommandShape[]): string {
  return `# bash completion of ucf, made by: ucf completion bash
_ucf() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} IFS=$' \\t\\n'
  local at='' plain='' flags='' takes='' i word
  # --type=x comes as three words.
  if [[ $cur == '=' ]]; then cur=''; elif [[ $prev == '=' ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "\${at:+$at }$word" in
      ${commands.flatMap(({ path }) => (path === '' ? [] : [`'${path}'`])).join('|')}) at="\${at:+$at }$word" ;;
    esac
  done
  COMPREPLY=()
  case "$at|$prev" in
${valueRows(commands).join('\n')}
  esac
  case "$at" in
${commands.map(commandRow).join('\n')}
  esac
  if [[ $cur == -* || ( -z $plain && -z $takes ) ]]; then plain=$flags; takes=''; fi
  if [[ $takes == file ]]; then _ucf_paths -f; return; fi
  COMPREPLY=($(compgen -W "$plain" -- "$cur"))
}
_ucf_paths() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen "$1" -- "$cur"))
}
complete -F _ucf ucf
`;
}

/** One row for all options whose values are completed alike. */
function valueRows(commands: readonly CommandShape[]): readonly string[] {
  const patterns = new Map<string, string[]>();
  for (const { path, options } of commands)
    for (const { flag, value } of options) {
      if (value === undefined) continue;
      const action = actionOf(value);
      patterns.set(action, [...(patterns.get(action) ?? []), `'${path}|${flag}'`]);
    }
  return [...patterns].map(([action, ways]) => `    ${ways.join('|')}) ${action}return ;;`);
}

function actionOf(value: ValueShape): string {
  switch (value.kind) {
    case 'file':
      return '_ucf_paths -f; ';
    case 'folder':
      return '_ucf_paths -d; ';
    case 'words':
      return `COMPREPLY=($(compgen -W '${value.words.join(' ')}' -- "$cur")); `;
    case 'free':
      return '';
  }
}

function commandRow({ path, subcommands, options, argument }: CommandShape): string {
  const words = argument?.kind === 'words' ? argument.words : subcommands.map(({ name }) => name);
  const flags = options.map(({ flag }) => flag).join(' ');
  const takes = argument === undefined || argument.kind === 'words' ? '' : argument.kind;
  return `    '${path}') plain='${words.join(' ')}' flags='${flags}' takes='${takes === 'free' ? '' : takes}' ;;`;
}
