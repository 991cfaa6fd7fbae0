import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlantedFault } from './planted-faults.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What the simulation is made of. */
const parts = ['functions', 'local', 'package.json', 'src', 'test', 'tools', 'tsconfig.json'];

/** Copies the source to a folder of its own, with the fault in it, and answers the folder. @throws Error where it has no place */
export function plantFault(fault: PlantedFault): string {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, fault.file), spoil(fault));
  return folder;
}

/** The text of a file with the fault in it. @throws Error where what it takes the place of does not stand there once */
export function spoil({ name, file, from, to }: PlantedFault): string {
  const [before, after, ...others] = readFileSync(join(root, file), 'utf8').split(from);
  if (before === undefined || after === undefined || others.length > 0)
    throw new Error(`${file} does not have once what "${name}" takes the place of: adapt planted-faults.ts`);
  return `${before}${to}${after}`;
}
