import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Bench, BenchRequest, Figure } from '../../../bench/bench.ts';
import { runBenchProgram } from '../../../bench/bench-program.ts';

/** A bench of one figure that has to be at most 10. */
function benchOf(id: string, measure: (ask: BenchRequest) => number | Promise<number>): Bench {
  return {
    id,
    async measure(ask) {
      const figure: Figure = {
        id: 'units',
        name: `units of ${id}`,
        value: await measure(ask),
        unit: 'units',
        target: { of: 'value', atMost: 10 },
      };
      return { figures: [figure], details: [`how ${id} came about`] };
    },
  };
}

async function programOf() {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = pathToFileURL(join(folder, 'results.json'));
  const printed: string[] = [];
  return {
    printed,
    run: (benches: readonly Bench[], ...words: readonly string[]) =>
      runBenchProgram(words, { benches, file, print: (text) => printed.push(text), note: () => {} }),
    kept: async () =>
      (JSON.parse(await readFile(file, 'utf8')) as { readonly id: string; readonly value: number }[]).map(
        ({ id, value }) => [id, value],
      ),
  };
}

describe(runBenchProgram, () => {
  it('prints one table of all figures and keeps them', async () => {
    const { run, printed, kept } = await programOf();

    const exitCode = await run([benchOf('cost', () => 4_000 / 1_000), benchOf('memory', () => 3)]);

    expect(exitCode).toBe(0);
    expect(printed.join('\n').split('\n')).toStrictEqual([
      expect.stringMatching(/^id +name +value +unit +reference +ratio +target +met$/),
      expect.stringMatching(/^[ -]+$/),
      expect.stringMatching(/^cost\.units +units of cost +4 +units +value <= 10 +yes$/),
      expect.stringMatching(/^memory\.units +units of memory +3 +units +value <= 10 +yes$/),
    ]);
    expect(await kept()).toStrictEqual([
      ['cost.units', 4],
      ['memory.units', 3],
    ]);
  });

  it('exits with 1 when a target is missed, and keeps the figure all the same', async () => {
    const { run, printed, kept } = await programOf();

    expect(await run([benchOf('cost', () => 11), benchOf('memory', () => 3)])).toBe(1);
    expect(printed.join('\n')).toMatch(/^cost\.units .* NO$/m);
    expect(await kept()).toContainEqual(['cost.units', 11]);
  });

  it('with --only measures that one, keeps the figures of the others, and forgets those of benches that are gone', async () => {
    const { run, printed, kept } = await programOf();
    await run([benchOf('cost', () => 1), benchOf('costs', () => 2), benchOf('gone', () => 3)]);
    printed.length = 0;

    await run([benchOf('cost', () => 4), benchOf('costs', () => Promise.reject(new Error('ran')))], '--only', 'cost');

    expect(printed.join('\n')).not.toContain('costs.units');
    expect(await kept()).toStrictEqual([
      ['cost.units', 4],
      ['costs.units', 2],
    ]);
  });

  it('runs one bench at a time', async () => {
    const { run } = await programOf();
    let running = 0;
    const alone = async () => {
      running += 1;
      const counted = running;
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return counted;
    };

    expect(
      await run([benchOf('a', async () => 9 + (await alone())), benchOf('b', async () => 9 + (await alone()))]),
    ).toBe(0);
  });

  it('asks for less with --quick, and tells where figures come from with --verbose', async () => {
    const { run, printed, kept } = await programOf();
    const bench = benchOf('cost', ({ isQuick }) => (isQuick ? 1 : 2));

    await run([bench]);
    expect(printed.join('\n')).not.toContain('how cost came about');
    expect(await kept()).toStrictEqual([['cost.units', 2]]);

    await run([bench], '--quick', '--verbose');
    expect(printed.join('\n')).toContain('how cost came about');
    expect(await kept()).toStrictEqual([['cost.units', 1]]);
  });

  it('ends with 2 for a bench that there is not, and names those that there are', async () => {
    const { run } = await programOf();
    const said: unknown[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(text) > 0);
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`exit ${code}`);
    });

    await expect(run([benchOf('cost', () => 1)], '--only', 'coast')).rejects.toThrow('exit 2');
    expect(said.join('')).toContain('Allowed choices are cost');
  });
});
