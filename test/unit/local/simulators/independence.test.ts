import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = path.resolve(import.meta.dirname, '../../../../local/simulators');

type Source = { name: string; text: string };

function readSources(): Source[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return names.map((name) => ({ name, text: readFileSync(path.join(folder, name), 'utf8') }));
}

/** Imports of anything but the simulators themselves, Node and zod. */
function findForeignImports({ name, text }: Source): string[] {
  const specifiers = [...text.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier = '']) => specifier);
  return specifiers.filter((specifier) => {
    if (!specifier.startsWith('.')) return !specifier.startsWith('node:') && specifier !== 'zod/mini';
    return path.relative(folder, path.resolve(folder, path.dirname(name), specifier)).startsWith('..');
  });
}

/** Words that would make a simulator log, call somebody or differ from run to run. */
function findForbiddenWords({ text }: Source): string[] {
  return text.match(/\bconsole\b|\bfetch\(|node:https|\bMath\.random\b|\bDate\.now\b|\bnew Date\(\)/g) ?? [];
}

describe('the simulators', () => {
  it('share no code with the vendor adapters, so that they share no misunderstanding', () => {
    const sources = readSources();

    expect(sources.length).toBeGreaterThan(20);
    expect(sources.flatMap(findForeignImports)).toStrictEqual([]);
  });

  it('log nothing, call nobody and use no chance and no clock of their own', () => {
    expect(readSources().flatMap(findForbiddenWords)).toStrictEqual([]);
  });

  it('would be caught', () => {
    const planted = {
      name: 'leen/planted.ts',
      text: "import { toUser } from '../../../src/vendors/leen/to-user.ts';\nimport x from 'undici';\nconsole.log(Date.now());",
    };

    expect(findForeignImports(planted)).toStrictEqual(['../../../src/vendors/leen/to-user.ts', 'undici']);
    expect(findForbiddenWords(planted)).toStrictEqual(['console', 'Date.now']);
  });
});
