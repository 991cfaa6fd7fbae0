import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { eventfulKinds, faultKinds } from './faults/fault-kinds.ts';

const program = fileURLToPath(new URL('main.ts', import.meta.url));

type Ended = { readonly code: number; readonly lines: readonly string[] };

/** The program as it is started from the command line: it puts seeded time in place of its process's own. */
function simulate(...options: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...options], { maxBuffer: 2 ** 28 }, (error, stdout) =>
      resolve({ code: error === null ? 0 : Number(error.code), lines: stdout.trimEnd().split('\n') }),
    );
  });
}

describe('the simulation', () => {
  it('passes every seed of the slice, in which every kind of fault fires', async () => {
    const { code, lines } = await simulate('--slice');

    const counts = JSON.parse(lines.at(-2) ?? '{}') as { readonly [kind: string]: number };
    expect({ code, end: lines.at(-1), faults: lines.slice(0, -2) }).toStrictEqual({
      code: 0,
      end: expect.stringMatching(/^\d+ passed, 0 failed$/),
      faults: [],
    });
    expect([...faultKinds, ...eventfulKinds].filter((kind) => counts[kind] === undefined)).toStrictEqual([]);
  }, 400_000);

  it.runIf(process.env.EVERY_CALL === '1')(
    'tells the same story of the same seed, whatever ran before it, and in whichever process',
    async () => {
      const alone = await simulate('--seed', '12', '--trace');
      const after = await simulate('--seed', '11', '--runs', '2', '--trace');
      const apart = await simulate('--seed', '11', '--runs', '2', '--jobs', '2');

      expect(alone.lines.length).toBeGreaterThan(200);
      expect(after.lines.join('\n')).toContain(alone.lines.slice(0, -2).join('\n'));
      expect(apart.lines).toStrictEqual(after.lines.slice(-2));
    },
    400_000,
  );

  it('names what is wrong with its options, and runs nothing', async () => {
    const ends = await Promise.all([simulate('--runs', 'many'), simulate('--jobs', '2', '--trace')]);

    expect(ends).toStrictEqual([
      { code: 2, lines: [''] },
      { code: 2, lines: [''] },
    ]);
  }, 400_000);
});
