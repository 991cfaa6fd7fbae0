import { AwsFault } from '../aws-fault.ts';

/** Words and signs of an expression, one after the other. */
export type ExpressionReader = {
  /** Takes the next word if it is this one, whatever its case. */
  takeIf(word: string): boolean;
  /** Takes the next word. */
  take(): string;
  expect(word: string): void;
  peek(): string | undefined;
};

const pattern = /\s*(<>|<=|>=|[=<>(),.+-]|[#:]?[A-Za-z_][\w]*)/y;

export function readExpression(text: string): ExpressionReader {
  const words = wordsOf(text);
  let at = 0;
  const reader: ExpressionReader = {
    peek: () => words[at],
    takeIf(word) {
      if (words[at]?.toUpperCase() !== word.toUpperCase()) return false;
      at += 1;
      return true;
    },
    take() {
      const word = words[at];
      if (word === undefined) throw new AwsFault('ValidationException', `${text} ends too early`);
      at += 1;
      return word;
    },
    expect(word) {
      if (!reader.takeIf(word)) throw new AwsFault('ValidationException', `${text}: ${word} is missing`);
    },
  };
  return reader;
}

function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  pattern.lastIndex = 0;
  for (let end = 0; end < text.trimEnd().length; end = pattern.lastIndex) {
    const found = pattern.exec(text)?.[1];
    if (found === undefined) throw new AwsFault('ValidationException', `${text} is no expression at ${end}`);
    words.push(found);
  }
  return words;
}
