import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const entry = 'src/events/public.ts';

/** The entry in one file, as a consumer's bundler makes it. */
async function bundle(text: string, external: readonly string[]) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: text, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    metafile: true,
    external: [...external],
  });
  const [file] = outputFiles;
  return { bytes: gzipSync(file?.contents ?? '').byteLength, inputs: Object.keys(metafile.inputs) };
}

const everything = `export * from './${entry}';`;

describe(entry, () => {
  it('holds the contract and the words of the model, of other packages zod alone, and nothing of Node', async () => {
    const { inputs } = await bundle(everything, []);
    const foreign = inputs.filter((path) => !/^(<stdin>$|src\/(events|model)\/|node_modules\/zod\/)/.test(path));

    expect(inputs).toContain(entry);
    expect(foreign).toStrictEqual([]);
  });

  it('has at most 6 kB of its own, minified and zipped', async () => {
    const { bytes } = await bundle(everything, ['zod', 'zod/mini']);

    expect(bytes).toBeLessThan(6_000);
    expect(bytes).toBeGreaterThan(1_000);
  });

  it('leaves out what is not imported', async () => {
    const { bytes, inputs } = await bundle(`export { isNewer, compareOrder } from './${entry}';`, []);

    expect(bytes).toBeLessThan(400);
    expect(inputs).toContain(entry);
  });
});
