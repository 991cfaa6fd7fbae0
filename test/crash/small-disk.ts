import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder on a disk of its own, which can be full or read-only for everybody, root among them. */
export type SmallDisk = { readonly path: string; setReadOnly(isReadOnly: boolean): void; remove(): void };

/** Makes a disk of so many megabytes; answers why not where nobody lets us. */
export function makeSmallDisk(megabytes: number): SmallDisk | string {
  const path = mkdtempSync(join(tmpdir(), 'ucf-disk-'));
  const privileged = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const run = (...words: readonly string[]) => {
    const [program = '', ...rest] = [...privileged, ...words];
    const { status, stderr, error } = spawnSync(program, rest, { encoding: 'utf8' });
    return status === 0 ? undefined : (error?.message ?? stderr.trim());
  };
  const fault = run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0777`, 'ucf-test', path);
  if (fault !== undefined) {
    rmSync(path, { recursive: true });
    return `no disk of our own can be mounted here: ${fault}`;
  }
  return {
    path,
    setReadOnly(isReadOnly) {
      const refused = run('mount', '-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, path);
      if (refused !== undefined) throw new Error(refused);
    },
    remove() {
      const refused = run('umount', path);
      if (refused !== undefined) throw new Error(refused);
      rmSync(path, { recursive: true });
    },
  };
}
