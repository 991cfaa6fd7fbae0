import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keyOf, nameSurvivor, readExplainedSurvivors } from './explained-survivors.ts';
import { readMutationOptions } from './mutation-options.ts';
import * as recorded from './recorded-tests.ts';
import { runRecorded } from './run-recorded.ts';

describe(readExplainedSurvivors, () => {
  it('finds what a mutant was and became under the heading of its file', () => {
    const explained = readExplainedSurvivors(
      '# Survivors\n\n## src/diff/a.ts\n\n- `a < b` → `a <= b`: they never meet\n',
    );

    expect([...explained]).toStrictEqual([[keyOf('src/diff/a.ts', 'a < b', 'a <= b'), 'they never meet']]);
  });

  it('reads code that holds backticks', () => {
    const explained = readExplainedSurvivors('## a.ts\n- `` `text` `` → ``` `` ```: why\n');

    expect([...explained.keys()]).toStrictEqual([keyOf('a.ts', '`text`', '``')]);
  });

  it.each(['- `a < b` → `a <= b`', '- a → b: why', '- `a`: why'])('refuses %j', (line) => {
    expect(() => readExplainedSurvivors(`## a.ts\n${line}`)).toThrow(line);
  });
});

describe('the list of survivors', () => {
  it('explains code that is there', () => {
    const explained = readExplainedSurvivors(readFileSync(join(import.meta.dirname, 'survivors.md'), 'utf8'));
    const isThere = (key: string) => {
      const [file = '', from = ''] = key.split('\n');
      const source = readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8');
      return source.replaceAll(/\s+/g, ' ').includes(from.replace(/…$/, ''));
    };

    expect(explained.size).toBeGreaterThan(10);
    expect([...explained.keys()].filter((key) => !isThere(key))).toStrictEqual([]);
  });
});

describe(nameSurvivor, () => {
  it('names a mutant of several lines on one', () => {
    const [file, from, to] = nameSurvivor(
      {
        fileName: 'a.ts',
        location: { start: { line: 2, column: 3 }, end: { line: 3, column: 8 } },
        replacement: '{}',
      } as never,
      'first\n  one(\n    two)',
    );

    expect([file, from, to]).toStrictEqual(['a.ts', 'one( two', '{}']);
  });
});

describe(readMutationOptions, () => {
  it('takes files and folders whose mutants are tried, and everything where there are none', () => {
    expect(readMutationOptions(['src/diff/', '--break', '90'])).toStrictEqual({
      paths: ['src/diff'],
      isForced: false,
      least: 90,
    });
    expect(readMutationOptions(['--force'])).toStrictEqual({ paths: [], isForced: true, least: 0 });
  });

  it.each([['src/store'], ['src/diff/no-such.ts'], ['--break', 'all'], ['--no-such']])('refuses %s', (...words) => {
    expect(() => readMutationOptions(words)).toThrow();
  });
});

describe('recorded tests', () => {
  const steps: string[] = [];
  const failing = new Set<string>();
  const step = (name: string) => () => {
    steps.push(name);
    if (failing.has(name)) throw new Error(`${name} fails`);
  };

  it('run again and again, with the hooks around those that are asked for', async () => {
    await recorded.recordTests('a.test.ts', 'its text', async () => {
      recorded.describe('outer', () => {
        recorded.beforeAll(step('open'));
        recorded.beforeEach(step('before'));
        recorded.afterAll(step('close'));
        recorded.it('one', step('one'));
        recorded.it.each([1, 2])('of %i', (number: number) => step(`of ${number}`)());
        recorded.it.fails('known', step('known'));
      });
    });
    const tests = recorded.recordedTests();

    const all = await runRecorded(tests.slice(0, 3), { isBailing: true });
    const again = await runRecorded(tests.slice(2, 3), { isBailing: true });

    expect([...all, ...again].filter(({ failure }) => failure !== undefined)).toStrictEqual([]);
    expect(steps.splice(0).join(' ')).toBe('open before one before of 1 before of 2 close open before of 2 close');
  });

  it('end with the first failure where they are to bail, and still close what they opened', async () => {
    failing.add('of 1');

    const outcomes = await runRecorded(recorded.recordedTests(), { isBailing: true });

    expect(outcomes.map(({ failure }) => failure)).toStrictEqual([undefined, 'of 1 fails']);
    expect(steps.splice(0).at(-1)).toBe('close');
  });

  it('fail all where what comes before all of them does', async () => {
    failing.clear();
    failing.add('open');

    const outcomes = await runRecorded(recorded.recordedTests(), { isBailing: false });

    expect(new Set(outcomes.map(({ failure }) => failure))).toStrictEqual(new Set(['open fails']));
    failing.clear();
    steps.length = 0;
  });

  it('fail where a fault that is known is no longer there', async () => {
    const [known] = await runRecorded(recorded.recordedTests().slice(3), { isBailing: false });

    expect(known?.failure).toMatch('was not found');
  });
});
