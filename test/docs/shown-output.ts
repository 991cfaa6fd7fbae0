import type { CodeBlock } from './code-blocks.ts';

/** Output as a page shows it: which block, and what must be the same in what the program prints. */
export type ShownOutput = {
  readonly shows: (block: CodeBlock) => boolean;
  /** The shape of a line, without what differs from run to run. */
  readonly shapeOf: (line: string) => string | undefined;
};

/** `02:30:37 user.created         simulated-openproject 30 Chiara Petrov | appeared` */
const eventLine = /^\d\d:\d\d:\d\d user\.\w+ +\S+ \S+ .*\| \w+$/;
/** `acme-openproject complete seen=1204 created=1 …` */
const summaryLine = /^[\w-]+ (?:baseline|complete|incomplete|held|failed|busy)((?: \w+=\d+)+)$/;

/** All but the time: the simulated vendors play the same changes to the same users in every run. */
function eventShape(line: string): string | undefined {
  return eventLine.test(line) ? line.slice('00:00:00 '.length) : undefined;
}

function summaryShape(line: string): string | undefined {
  return summaryLine.exec(line)?.[1]?.replaceAll(/=\d+/g, '=n');
}

const startsLike = (pattern: RegExp) => (block: CodeBlock) =>
  block.language === 'text' && pattern.test(block.code.split('\n')[0] ?? '');

export const shownOutput: readonly ShownOutput[] = [
  { shows: startsLike(eventLine), shapeOf: eventShape },
  { shows: startsLike(summaryLine), shapeOf: summaryShape },
  // Help texts, generated from the program: test/docs/docs.test.ts compares the page as a whole.
  { shows: ({ page, code }) => page === 'docs/cli.md' && code.startsWith('Usage: ucf '), shapeOf: () => undefined },
];
