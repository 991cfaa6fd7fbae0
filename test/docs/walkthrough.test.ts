import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runUcfHere } from '../support/run-ucf-here.ts';
import { type SimulatedAccount, startAccount } from '../support/simulated-account.ts';
import { codeBlocks } from './code-blocks.ts';
import { textOf } from './doc-pages.ts';
import { shellCommands } from './shell-commands.ts';
import { shownOutput } from './shown-output.ts';

/** Pages that a newcomer goes through from top to bottom, one after the other, on the same state folder. */
const walked = ['README.md', 'docs/concepts.md'];

/** Commands of these pages that need what a test does not have, and where their kind is tried instead. */
const notRun: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/--stack /, 'needs a stack: test/scenario/ucf-stack*.test.ts'],
  [/^dev(?! .*--once)/, 'runs until it is stopped: test/scenario/dev-*.test.ts'],
  [/\bHOLD\b/, 'the id of a hold: test/scenario/ucf-holds.test.ts'],
  [/CONNECTION USER/, 'the names of a connection and a user: test/scenario/ucf-forget.test.ts'],
  [/^console/, 'serves until it is stopped: the tests of the console'],
  [/--help$/, 'prints the help: test/docs/commands.test.ts reads its examples'],
];

/** The words for `ucf` of a command; undefined where it calls something else. */
function ucfWords(words: readonly string[]): readonly string[] | undefined {
  const text = words.join(' ');
  if (text.startsWith('npm run ucf -- ')) return words.slice(4);
  if (words[0] === 'ucf') return words.slice(1);
  if (text === 'npm start' || text.startsWith('npm start -- ')) return ['dev', ...words.slice(3)];
  return undefined;
}

function steps(page: string): readonly (readonly string[])[] {
  const shell = codeBlocks(page, textOf(page)).filter(({ language }) => language === 'sh');
  return shell
    .flatMap(({ code }) => shellCommands(code))
    .flatMap(({ words }) => {
      const own = ucfWords(words);
      return own === undefined ? [] : [own];
    });
}

const isRun = (words: readonly string[]) => !notRun.some(([pattern]) => pattern.test(words.join(' ')));

/** The connection file that the README shows, with the simulator in the place of the reader's OpenProject. */
function ownConnections({ simulator }: SimulatedAccount): string {
  const [shown] = codeBlocks('README.md', textOf('README.md')).filter(({ language }) => language === 'json');
  return (shown?.code ?? '').replace('https://projects.acme.example', simulator.baseUrl);
}

let folder: string;
let openProject: SimulatedAccount;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'walkthrough-'));
  openProject = await startAccount('openproject');
  await writeFile(join(folder, 'connections.json'), ownConnections(openProject));
});

afterAll(async () => {
  await openProject.simulator.close();
  await rm(folder, { recursive: true });
});

describe.each(walked)('the commands of %s, one after the other', (page) => {
  const lines: string[] = [];

  it.each(
    steps(page)
      .filter(isRun)
      .map((words) => [words.join(' '), words] as const),
  )('ucf %s ends well', async (_, words) => {
    const here = words.map((word) => (/^(\.state(\/\w+)?|\w+\.jsonl?)$/.test(word) ? join(folder, word) : word));

    const ended = await runUcfHere(here, { ACME_OPENPROJECT_KEY: Object.values(openProject.env)[0] });

    lines.push(...ended.stdout.split('\n'));
    expect([ended.exitCode, ended.stderr]).toStrictEqual([0, expect.not.stringMatching(/^ucf: /m)]);
  });

  it('print what the page shows', () => {
    const blocks = codeBlocks(page, textOf(page)).filter(({ language }) => language === 'text');
    for (const { shows, shapeOf } of shownOutput) {
      const printed = new Set(lines.map(shapeOf));
      const shown = blocks.filter(shows).flatMap(({ code }) => code.trimEnd().split('\n'));

      expect(shown.filter((line) => shapeOf(line) === undefined)).toStrictEqual([]);
      expect(shown.map(shapeOf).filter((shape) => !printed.has(shape))).toStrictEqual([]);
    }
  });
});

describe('README.md', () => {
  it('has commands that are run here, and some that are not', () => {
    const all = steps('README.md');

    expect(all.filter(isRun).length).toBeGreaterThan(6);
    expect(all.filter((words) => !isRun(words)).length).toBeGreaterThan(4);
  });

  it('leads to a feed of one’s own OpenProject by commands that are run here', () => {
    const own = steps('README.md').filter((words) => isRun(words) && words.join(' ').includes('connections.json'));

    expect(own.map(([command, verb]) => `${command} ${verb}`)).toStrictEqual([
      'connections validate',
      'connections test',
      'dev --once',
    ]);
  });
});
