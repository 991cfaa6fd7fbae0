import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type ImportTimesRequest<Name extends string> = {
  /** Bundles, by the name under which their time is told. */
  readonly paths: Readonly<Record<Name, string>>;
  readonly rounds: number;
  readonly env: { readonly [name: string]: string };
};

/**
 * Median milliseconds that a fresh Node needs to import each bundle. They are imported in turn, so that what else the
 * machine does meets them all alike.
 */
export async function measureImportTimes<Name extends string>({
  paths,
  rounds,
  env,
}: ImportTimesRequest<Name>): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(paths) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) times.get(name)?.push(await importOnce(paths[name], env));
  }
  return Object.fromEntries(names.map((name) => [name, medianOf(times.get(name) ?? [])])) as Record<Name, number>;
}

/** In a process of its own, away from the project: nothing but the bundle is there, as in Lambda. */
async function importOnce(path: string, env: { readonly [name: string]: string }): Promise<number> {
  const program = `const before = performance.now(); await import(${JSON.stringify(path)});
    console.log(performance.now() - before); process.exit();`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { env, cwd: dirname(path) });
  const elapsedMs = Number(stdout.trim().split('\n').at(-1));
  if (!(elapsedMs > 0)) throw new Error(`importing ${path} printed no time but ${stdout}`);
  return elapsedMs;
}

export function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}
