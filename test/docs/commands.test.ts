import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { chooseFeed } from '../../cli/choose-feed.ts';
import { createProgram } from '../../cli/program.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((page) =>
  page.endsWith('.md'),
);
const silent = { result: () => undefined, note: () => undefined };

/** The command lines of `ucf` in the shell blocks of a page, without `ucf` itself. */
function commandLines(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code = '']) => code);
  return blocks
    .join('')
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, ''))
    .flatMap((line) => {
      const dev = /^npm start -- (.*)/.exec(line)?.[1];
      const words = /^(?:npm run ucf -- |ucf )(.*)/.exec(line)?.[1];
      return dev === undefined ? (words ?? []) : `dev ${dev}`;
    });
}

/** What the program says of a command line, were it run; undefined where it takes it. */
function faultOf(line: string): string | undefined {
  const program = createProgram(silent);
  stub(program);
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  try {
    program.parse(words, { from: 'user' });
    return undefined;
  } catch (error) {
    return `${line}: ${(error as Error).message}`;
  }
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

/** The lines after "Examples:" in the help of a command and of those below it. */
function examplesOf(command: Command): readonly string[] {
  let help = '';
  const writeOut = (text: string) => {
    help += text;
  };
  command.configureOutput({ writeOut }).outputHelp();
  const own = [...help.matchAll(/^ {2}\$ ucf (.*)$/gm)].map(([, line = '']) => line);
  return [...own, ...command.commands.flatMap(examplesOf)];
}

describe('a command line of the documentation', () => {
  it.each(pages)('in %s is one that ucf takes', (page) => {
    expect(commandLines(readFileSync(join(root, page), 'utf8')).flatMap((line) => faultOf(line) ?? [])).toStrictEqual(
      [],
    );
  });

  it('is looked for where there are some', () => {
    const found = (page: string) => commandLines(readFileSync(join(root, page), 'utf8')).length;

    expect(found('README.md')).toBeGreaterThan(5);
    expect(found('docs/operating.md')).toBeGreaterThan(5);
    expect(found('docs/deploying.md')).toBeGreaterThan(0);
  });

  it.each([
    ['sweeps acme --stack feed', /unknown command|sweeps acme/],
    ['tail acme --stack feed', /unknown command/],
    ['holds approve acme HOLD --stack feed', /too many arguments/],
    ['holds approve --stack feed', /missing required argument/],
    ['sweep acme --stak feed', /unknown option/],
    ['sweep acme', /--state or --stack/],
  ])('such as "%s" is not taken', (line, fault) => {
    expect(faultOf(line)).toMatch(fault);
  });
});

describe('an example in the help of ucf', () => {
  const examples = examplesOf(createProgram(silent));

  it('is one that ucf takes', () => {
    expect(examples.length).toBeGreaterThan(20);
    expect(examples.flatMap((line) => faultOf(line) ?? [])).toStrictEqual([]);
  });
});
