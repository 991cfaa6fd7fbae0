import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** A file of the page, by the name under which it is served. */
export type PageFile = { readonly name: string; readonly text: string };

/** Bundles the page from its source. Where it is not built beforehand, esbuild is there: it builds the functions, too. */
export async function buildPage(source: string): Promise<readonly PageFile[]> {
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    entryPoints: [join(source, 'page.tsx'), join(source, 'page.css')],
    outdir: '/assets',
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'inline',
    logLevel: 'silent',
    // Of the page alone, whatever the project around it says of itself.
    tsconfigRaw: '{}',
  });
  const files = outputFiles.map(({ path, text }) => ({ name: path.replace(/^.*[\\/]/, ''), text }));
  return [...files, { name: 'licences.txt', text: await collectLicences(Object.keys(metafile.inputs)) }];
}

/** What is bundled keeps its licence beside it, as those licences ask. */
async function collectLicences(inputs: readonly string[]): Promise<string> {
  const packageOf = (input: string) => /^.*node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(resolve(input))?.[0];
  const folders = [...new Set(inputs.map(packageOf))].filter((folder) => folder !== undefined).toSorted();
  const texts = folders.map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const files = (await readdir(folder)).filter((one) => /^licen[cs]e/i.test(one));
    const words = await Promise.all(files.map((one) => readFile(join(folder, one), 'utf8')));
    if (words.length === 0) throw new Error(`${name} is bundled into the console and brings no licence along`);
    return `${name} ${version} (${license})\n\n${words.join('\n')}`;
  });
  return (await Promise.all(texts)).join('\n\n');
}
