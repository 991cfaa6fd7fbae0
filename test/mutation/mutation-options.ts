import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mutatedParts } from './mutated-parts.ts';

export type MutationOptions = {
  /** Files or folders; everything that is mutated where there are none. */
  readonly paths: readonly string[];
  /** Tries again what was tried before. */
  readonly isForced: boolean;
  /** Of a hundred mutants, how many at least have to be noticed in each folder. */
  readonly least: number;
};

const root = join(import.meta.dirname, '..', '..');

/** Reads the words after `npm run test:mutation --`. @throws TypeError or RangeError for wrong ones */
export function readMutationOptions(words: readonly string[]): MutationOptions {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { force: { type: 'boolean', default: false }, break: { type: 'string', default: '0' } },
  });
  const least = Number(values.break);
  if (!(least >= 0 && least <= 100)) throw new RangeError(`--break takes a percentage, not ${values.break}`);
  const paths = positionals.map((path) => path.replace(/\/$/, ''));
  for (const path of paths)
    if (!existsSync(join(root, path)) || !mutatedParts.some(({ folder }) => `${path}/`.startsWith(`${folder}/`)))
      throw new RangeError(`${path} is no file or folder whose mutants are tried: see test/mutation/mutated-parts.ts`);
  return { paths, isForced: values.force, least };
}
