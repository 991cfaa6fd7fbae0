import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';

const requirements = join(import.meta.dirname, 'requirements.txt');
const root = join(import.meta.dirname, '..', '..');

/**
 * The emulator's program, installed into a virtual environment of its own where it is not there yet.
 * @throws where there is no Python 3.10 with `venv`, or what is required cannot be had
 */
export async function installEmulator(): Promise<string> {
  const folder = join(root, 'node_modules', '.cache', 'emulated-aws');
  // Its programs name the folder: one that was moved or copied is installed anew.
  const wanted = createHash('sha256')
    .update(folder)
    .update(await readFile(requirements))
    .digest('hex');
  const mark = join(folder, 'installed');
  const program = join(folder, 'bin', 'ministack');
  if (existsSync(mark) && (await readFile(mark, 'utf8')) === wanted) return program;
  await rm(folder, { recursive: true, force: true });
  await install('python3', ['-m', 'venv', folder]);
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-deps'];
  await install(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', ...quiet, '--requirement', requirements]);
  await writeFile(mark, wanted);
  return program;
}

async function install(program: string, words: readonly string[]): Promise<void> {
  const { exitCode, said } = await runProgram(program, words);
  if (exitCode === 0) return;
  throw new Error(
    `the emulated AWS could not be installed: it needs python3 (3.10 or newer) with venv, on Debian the package python3-venv, and a way to the Python package index\n${said}`,
  );
}
