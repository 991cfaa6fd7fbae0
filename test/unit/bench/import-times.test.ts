import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { measureImportTimes, medianOf } from '../../../bench/import-times.ts';

async function moduleWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'import-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'index.mjs');
  await writeFile(path, text);
  return path;
}

describe(measureImportTimes, () => {
  it('tells the time of each module, whatever it prints and leaves open', async () => {
    const talker = await moduleWith("console.log('hello'); setInterval(() => {}, 1000);");
    const quiet = await moduleWith('');

    const times = await measureImportTimes({ paths: { talker, quiet }, rounds: 2, env: {} });

    expect(times).toStrictEqual({ talker: expect.any(Number), quiet: expect.any(Number) });
    expect(Math.min(times.talker, times.quiet)).toBeGreaterThan(0);
  });

  it('gives modules the environment that is asked for and no other', async () => {
    const asks = await moduleWith("if (process.env.NAME !== 'feed' || process.env.HOME) throw new Error('other');");

    await expect(measureImportTimes({ paths: { asks }, rounds: 1, env: { NAME: 'feed' } })).resolves.toBeDefined();
  });

  it('fails with a module that fails, rather than to tell a time', async () => {
    const broken = await moduleWith("throw new Error('no table');");

    await expect(measureImportTimes({ paths: { broken }, rounds: 1, env: {} })).rejects.toThrow('no table');
  });
});

describe(medianOf, () => {
  it.each([
    { numbers: [3, 1, 2], median: 2 },
    { numbers: [10, 9, 1, 2], median: 5.5 },
    { numbers: [7], median: 7 },
    { numbers: [], median: Number.NaN },
  ])('of $numbers is $median', ({ numbers, median }) => {
    expect(medianOf(numbers)).toBe(median);
  });
});
