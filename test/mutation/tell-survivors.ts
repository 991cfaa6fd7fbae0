import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { MutantResult } from '@stryker-mutator/api/core';
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import type { Reporter } from '@stryker-mutator/api/report';
import { keyOf, nameSurvivor, readExplainedSurvivors } from './explained-survivors.ts';

const explained = readExplainedSurvivors(readFileSync(join(import.meta.dirname, 'survivors.md'), 'utf8'));

/** Whether a mutant that survived is one that nobody can tell from what it came from. */
export function isExplained(mutant: MutantResult): boolean {
  const [file = '', from = '', to = ''] = nameSurvivor(mutant, readFileSync(mutant.fileName, 'utf8'));
  return explained.has(keyOf(file, from, to));
}

/** Names each survivor that nothing explains as soon as it is known: a run takes an hour. */
function createSurvivorReporter(): Reporter {
  return {
    onMutantTested(mutant) {
      const { status, location } = mutant;
      if ((status !== 'Survived' && status !== 'NoCoverage') || isExplained(mutant)) return;
      const [file, from, to] = nameSurvivor(mutant, readFileSync(mutant.fileName, 'utf8'));
      const what = status === 'NoCoverage' ? 'never run' : 'survived';
      process.stdout.write(`${what}: ${file}:${location.start.line} ${from} → ${to}\n`);
    },
  };
}

export const strykerPlugins = [declareFactoryPlugin(PluginKind.Reporter, 'survivors', createSurvivorReporter)];
