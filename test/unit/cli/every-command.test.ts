import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../cli/program.ts';
import { runProgram } from '../../../cli/run-program.ts';
import ownPackage from '../../../package.json' with { type: 'json' };
import { readSourceFiles } from '../../architecture/source-file.ts';
import { runUcfHere } from '../../support/run-ucf-here.ts';

/** What has no result that a program could read, and why. */
const withoutJson: Readonly<Record<string, string>> = {
  console: 'what it shows is a page, and it prints nothing but the address',
};

type Leaf = { readonly path: string; readonly command: Command };

function leavesOf(command: Command, path: readonly string[] = []): readonly Leaf[] {
  const below = command.commands.filter((one) => one.name() !== 'help');
  if (below.length === 0) return [{ path: path.join(' '), command }];
  return below.flatMap((one) => leavesOf(one, [...path, one.name()]));
}

const silent = { result: () => undefined, note: () => undefined };
const leaves = leavesOf(createProgram(silent));
const groups = [
  ...new Set(leaves.map(({ path }) => path.split(' ')).flatMap(([group = '', leaf]) => (leaf ? group : []))),
];

describe('every command of ucf', () => {
  it('is looked at', () => {
    expect(leaves.length).toBeGreaterThan(25);
    expect(groups).toStrictEqual(['connections', 'sweeps', 'holds', 'users']);
  });

  it.each(leaves.map(({ path }) => path))(
    '%s prints its help as a result, with an example and --json',
    async (path) => {
      const words = path.split(' ');
      const { exitCode, stdout, stderr } = await runUcfHere([...words, '--help']);
      const helped = await runUcfHere(['help', ...words]);

      expect([exitCode, stderr]).toStrictEqual([0, '']);
      expect(helped).toStrictEqual({ exitCode, stdout, stderr });
      expect(stdout).toContain(`Usage: ucf ${path} `);
      expect(stdout).toMatch(/^Examples?:\n {2}\$ (ucf|npm start)/m);
      if (!(path in withoutJson)) expect(stdout).toMatch(/^ {2}--json /m);
    },
  );

  it.each(leaves.map(({ path }) => path))('%s takes an option that it does not know for wrong usage', async (path) => {
    const { exitCode, stdout, stderr } = await runUcfHere([...path.split(' '), '--jsn']);

    expect([exitCode, stdout]).toStrictEqual([2, '']);
    expect(stderr).toMatch(/^error: unknown option '--jsn'\n/);
    if (!(path in withoutJson)) expect(stderr).toContain('(Did you mean --json?)');
  });

  it('that asks what cannot be undone can be told not to ask', () => {
    const asking = leaves.filter(({ command }) => command.options.some(({ long }) => long === '--yes'));

    expect(asking.map(({ path }) => path)).toStrictEqual([
      'connections apply',
      'connections remove',
      'holds reject',
      'users purge',
      'resync',
      'replay',
      'redrive',
      'rebuild',
      'doctor',
    ]);
  });

  it.each([
    ['holds reject h --state nowhere', 'nowhere'],
    ['vendors --json', ''],
  ])('such as %s writes results to stdout and all else to stderr', async (line, fault) => {
    const { exitCode, stdout, stderr } = await runUcfHere(line.split(' '), { UCF_STACK: '' });

    if (fault === '') expect([exitCode, Object.keys(JSON.parse(stdout)), stderr]).toStrictEqual([0, ['vendors'], '']);
    else expect([exitCode, stdout, stderr]).toStrictEqual([2, '', expect.stringContaining(fault)]);
  });
});

describe('ucf', () => {
  it.each([
    [['lst'], /^error: unknown command 'lst'/],
    [['holdz'], /^error: unknown command 'holdz'\n\(Did you mean holds\?\)/],
    [['holds', 'aprove'], /^error: unknown command 'aprove'\n\(Did you mean approve\?\)/],
    [['help', 'doktor'], /^error: unknown command 'doktor'\n\(Did you mean doctor\?\)/],
    [['help', 'holds', 'aprove'], /^error: unknown command 'aprove'\n\(Did you mean approve\?\)/],
    [['holds', 'help', 'aprove'], /^error: unknown command 'aprove'\n\(Did you mean approve\?\)/],
    [['changes'], /^error: missing required argument 'connection'/],
    [['changes', 'a', 'b', '--state', 's'], /^error: too many arguments/],
    [['changes', 'a', '--type', 'user.gone'], /expected one of user\.created|Allowed choices are/],
    [[], /^Usage: ucf /],
    [['holds'], /^Usage: ucf holds /],
  ])('takes %j for wrong usage, and says what was meant', async (words, said) => {
    const { exitCode, stdout, stderr } = await runUcfHere(words);

    expect([exitCode, stdout]).toStrictEqual([2, '']);
    expect(stderr).toMatch(said);
  });

  it('prints the version of its package', async () => {
    expect(await runUcfHere(['--version'])).toStrictEqual({
      exitCode: 0,
      stdout: `${ownPackage.version}\n`,
      stderr: '',
    });
  });

  it.each(groups)('prints the help of %s where it is asked for as a result', async (group) => {
    const runs = [
      await runUcfHere([group, '--help']),
      await runUcfHere(['help', group]),
      await runUcfHere([group, 'help']),
    ];

    expect(new Set(runs.map(({ stdout }) => stdout)).size).toBe(1);
    expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr])).toStrictEqual(runs.map(() => [0, '']));
  });

  it('exits with what an error of any kind means', async () => {
    const { exitCode } = await runUcfHere(['connections', 'list', '--state', 'nowhere'], { UCF_STACK: '' });
    const done = await runProgram(['vendors'], silent);

    expect([done, exitCode]).toStrictEqual([0, 2]);
  });
});

describe('the start of ucf', () => {
  const files = new Map(readSourceFiles('cli', 'src', 'functions', 'local').map(({ path, text }) => [path, text]));

  const loading = /^(?:import|export) (?!type )[^;]*?from '([^']+)'/gm;

  /** The packages that are loaded before a file does anything. */
  function packagesOf(path: string, seen = new Set<string>()): ReadonlySet<string> {
    if (seen.has(path)) return new Set();
    seen.add(path);
    const specifiers = [...(files.get(path) ?? '').matchAll(loading)].map(([, specifier = '']) => specifier);
    const own = specifiers.filter((specifier) => specifier.startsWith('.'));
    const below = own.map((specifier) => packagesOf(new URL(specifier, `file:///${path}`).pathname.slice(1), seen));
    return new Set([
      ...specifiers.filter((specifier) => !own.includes(specifier)),
      ...below.flatMap((one) => [...one]),
    ]);
  }

  it('loads nothing but the reader of command lines: each command loads what it needs', () => {
    expect([...packagesOf('cli/program.ts')].filter((name) => !name.startsWith('node:'))).toStrictEqual(['commander']);
  });

  it('loads for looking at a state folder nothing that asks vendors, and no client of AWS but that of the table', () => {
    const packages = packagesOf('cli/open-feed.ts');

    expect(packages).not.toContain('undici');
    expect([...packages].filter((name) => name.startsWith('@aws-sdk/client-'))).toStrictEqual([
      '@aws-sdk/client-dynamodb',
    ]);
  });
});
