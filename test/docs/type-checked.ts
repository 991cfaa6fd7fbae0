import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root } from './doc-pages.ts';

/** The packages' own names, as this project has them under `exports`. */
const own = {
  'user-change-feed/events': ['../../src/events/public.ts'],
  'user-change-feed/consumer': ['../../src/consumer/public.ts'],
  'user-change-feed/infra': ['../../infra/public.ts'],
};

/** What the compiler says of these files, by name, line by line; nothing where it has nothing to say. */
export async function typeFaults(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  // Inside the project, so that packages are found; in a folder that git does not look at.
  await mkdir(join(root, 'dist'), { recursive: true });
  const folder = await mkdtemp(join(root, 'dist/doc-blocks-'));
  try {
    const config = {
      extends: '../../tsconfig.json',
      compilerOptions: { paths: own, allowImportingTsExtensions: true },
      include: ['**/*.ts'],
    };
    for (const [name, text] of Object.entries({ ...files, 'tsconfig.json': JSON.stringify(config) })) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    return await compile(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function compile(folder: string): Promise<readonly string[]> {
  const tsc = join(root, 'node_modules/.bin/tsc');
  return new Promise((resolve, reject) => {
    execFile(tsc, ['-p', folder, '--pretty', 'false'], { cwd: folder }, (error, stdout, stderr) => {
      // Without a number it did not even start.
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve(`${stdout}${stderr}`.split('\n').filter((line) => line !== ''));
    });
  });
}
