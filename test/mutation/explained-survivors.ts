import { relative } from 'node:path';
import process from 'node:process';
import type { MutantResult } from '@stryker-mutator/api/core';

/** Of survivors that nobody can tell from what they came from: what they are, and why. */
export type ExplainedSurvivors = ReadonlyMap<string, string>;

/** Reads `test/mutation/survivors.md`: under a file's heading a line `a` → `b`: why. @throws Error for other lines */
export function readExplainedSurvivors(text: string): ExplainedSurvivors {
  const explained = new Map<string, string>();
  let file = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('## ')) file = line.slice(3).trim();
    if (!line.startsWith('- ')) continue;
    const [, , from, , to, why] = /^- (`+) ?(.+?) ?\1 → (`+) ?(.*?) ?\3: (.+)$/.exec(line) ?? [];
    if (from === undefined || to === undefined || why === undefined)
      throw new Error(`survivors.md: not a line of the form \`a\` → \`b\`: why: ${line}`);
    explained.set(keyOf(file, from, to), why);
  }
  return explained;
}

/** As the list names a mutant: its file, what stands there and what it becomes, each on one line and not too long. */
export function nameSurvivor(
  { fileName, location, replacement = '' }: MutantResult,
  source: string,
): readonly string[] {
  return [relative(process.cwd(), fileName), shorten(textAt(source, location)), shorten(replacement)];
}

export function keyOf(file: string, from: string, to: string): string {
  return [file, from, to].join('\n');
}

function textAt(source: string, { start, end }: MutantResult['location']): string {
  // Lines and columns are counted from one.
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, at) => line.slice(at === 0 ? start.column - 1 : 0, at === last ? end.column - 1 : undefined))
    .join('\n');
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
}
