import { terminalWidth } from './terminal-width.ts';
import { wrapWords } from './wrap-words.ts';

/** What a value is called, and the value; left out where there is none. */
export type Fact = readonly [name: string, value: string | undefined];

const gap = 2;
const narrowestValue = 8;

/** Named values as lines in two columns, wrapped at words so that they fit a terminal of `width`. */
export function renderFacts(facts: readonly Fact[], width = terminalWidth()): readonly string[] {
  const told = facts.filter((fact): fact is readonly [string, string] => fact[1] !== undefined);
  const nameWidth = Math.max(...told.map(([name]) => name.length)) + gap;
  return told.flatMap(([name, value]) =>
    wrapWords(value, Math.max(narrowestValue, width - nameWidth)).map(
      (line, at) => (at === 0 ? name : '').padEnd(nameWidth) + line,
    ),
  );
}
