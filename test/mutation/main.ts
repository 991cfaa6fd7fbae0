import { globSync } from 'node:fs';
import type { MutantResult } from '@stryker-mutator/api/core';
import { type MutatedPart, mutatedParts } from './mutated-parts.ts';
import { type MutationOptions, readMutationOptions } from './mutation-options.ts';
import { isExplained } from './tell-survivors.ts';
import { tryMutants } from './try-mutants.ts';

type Tried = { failed: number; explained: number; noticed: number; valid: number };

const say = (text: string) => process.stdout.write(`${text}\n`);

process.exitCode = await start(process.argv.slice(2));

async function start(words: readonly string[]): Promise<number> {
  try {
    return await tryAll(readMutationOptions(words));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

/** Tries the mutants of files or folders, all three folders where none is named, and says who survived. */
async function tryAll({ paths, isForced, least }: MutationOptions): Promise<number> {
  const total = { passed: 0, failed: 0 };
  let isBelow = false;
  for (const [folder, parts] of Map.groupBy(mutatedParts, (part) => part.folder)) {
    const results: MutantResult[] = [];
    for (const part of parts) {
      const files = filesOf(part, paths);
      if (files.length > 0) results.push(...(await tryMutants(part, { files, isForced })));
    }
    if (results.length === 0) continue;
    const tried = count(results);
    const score = (100 * tried.noticed) / Math.max(1, tried.valid);
    say(`${folder}: ${score.toFixed(1)} % of ${tried.valid} mutants noticed, ${tried.explained} explained`);
    isBelow ||= score < least;
    total.passed += tried.noticed + tried.explained;
    total.failed += tried.failed;
  }
  if (isBelow) say(`fewer than ${least} % were noticed`);
  say(`${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 || total.passed === 0 || isBelow ? 1 : 0;
}

/** What of a part is asked for, as globs: nothing where none of its files is. */
function filesOf({ files }: MutatedPart, paths: readonly string[]): readonly string[] {
  if (paths.length === 0) return files;
  const own = globSync(files.filter((glob) => !glob.startsWith('!'))).sort();
  const others = globSync(files.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1)));
  return own.filter((file) => !others.includes(file) && paths.some((path) => `${file}/`.startsWith(`${path}/`)));
}

/** Counts what was noticed. */
function count(results: readonly MutantResult[]): Tried {
  const tried: Tried = { failed: 0, explained: 0, noticed: 0, valid: 0 };
  for (const mutant of results) {
    const { status } = mutant;
    if (!['Killed', 'Timeout', 'Survived', 'NoCoverage'].includes(status)) continue;
    tried.valid += 1;
    if (status === 'Killed' || status === 'Timeout') {
      tried.noticed += 1;
      continue;
    }
    if (isExplained(mutant)) tried.explained += 1;
    else tried.failed += 1;
  }
  return tried;
}
