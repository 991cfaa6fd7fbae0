import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { fuzzTargets } from './fuzz-targets.ts';
import { tryInput } from './try-input.ts';

type Found = { readonly target: string; readonly rule: string; readonly message: string; readonly input: Json };

const folder = fileURLToPath(new URL('found', import.meta.url));
const found = readdirSync(folder).map((file): [string, Found] => [
  file,
  JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as Found,
]);
const open = new Map<string, FuzzTarget>();

afterAll(async () => {
  for (const target of open.values()) await target.close?.();
});

async function openOnce(name: string): Promise<FuzzTarget | undefined> {
  const target = open.get(name) ?? (await fuzzTargets.get(name)?.());
  if (target !== undefined) open.set(name, target);
  return target;
}

describe('what fuzzing has found', () => {
  it.each(found)('breaks nothing any more: %s', async (_, { target, input }) => {
    const opened = await openOnce(target);

    expect(opened).toBeDefined();
    expect(await tryInput(opened as FuzzTarget, input)).not.toHaveProperty('finding');
  });
});
