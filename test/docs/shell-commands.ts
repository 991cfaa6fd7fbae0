/** One command of a shell block, as the shell would hand it over. */
export type ShellCommand = {
  /** The program and its arguments, without quotes, redirections, and variables that are set in front of it. */
  readonly words: readonly string[];
  readonly line: string;
};

/** The commands of a shell block: comments gone, lists and pipes taken apart. @throws for what it cannot read */
export function shellCommands(code: string): readonly ShellCommand[] {
  return code
    .replaceAll('\\\n', ' ')
    .split('\n')
    .flatMap((line) => commandsOf(line.trim()));
}

function commandsOf(line: string): readonly ShellCommand[] {
  const commands: string[][] = [[]];
  for (const token of tokensOf(line)) {
    if (token.isOperator) commands.push([]);
    else commands.at(-1)?.push(token.text);
  }
  return commands
    .map((words) => withoutRedirections(words))
    .map((words) => words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word))))
    .filter((words) => words.length > 0)
    .map((words) => ({ words, line }));
}

type Token = { readonly text: string; readonly isOperator: boolean };

const operators = ['&&', '||', '|', ';'];
/** A word is made of parts: in single quotes, in double quotes, or bare. */
const part = /'([^']*)'|"((?:[^"\\]|\\.)*)"|((?:[^\s'"|&;\\]|\\.)+)/y;

function tokensOf(line: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    const rest = line.slice(at);
    const blank = /^\s+/.exec(rest)?.[0].length ?? 0;
    const operator = operators.find((one) => rest.startsWith(one));
    if (rest.startsWith('#')) break;
    if (blank > 0) at += blank;
    else if (operator !== undefined) {
      tokens.push({ text: operator, isOperator: true });
      at += operator.length;
    } else {
      const word = readWord(line, at);
      tokens.push({ text: word.text, isOperator: false });
      at = word.end;
    }
  }
  return tokens;
}

function readWord(line: string, start: number): { readonly text: string; readonly end: number } {
  let text = '';
  part.lastIndex = start;
  let end = start;
  for (let found = part.exec(line); found !== null; found = part.exec(line)) {
    text += found[1] ?? found[2]?.replaceAll(/\\(.)/g, '$1') ?? found[3] ?? '';
    end = part.lastIndex;
  }
  if (end === start) throw new Error(`cannot be read as a command: ${line}`);
  return { text, end };
}

function withoutRedirections(words: readonly string[]): string[] {
  return words.filter((word, at) => !/^\d?>{1,2}$/.test(word) && !/^\d?>{1,2}$/.test(words[at - 1] ?? ''));
}
