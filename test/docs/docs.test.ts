import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseConnectionFile } from '../../src/config/connection-file.ts';
import { vendors } from '../../src/vendors/registry.ts';
import { generatedDocs } from '../../tools/generated-docs.ts';
import { traceFields } from '../../tools/vendor-fields.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');

/** Code blocks of a page in one language. */
function codeBlocks(page: string, language: string): readonly string[] {
  return [...textOf(page).matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .filter(([, name]) => name === language)
    .map(([, , code = '']) => code);
}

const generated = [...(await generatedDocs())];

describe('generated documents', () => {
  it.each(generated)('%s is what `npm run docs` writes', (path, text) => {
    expect(textOf(path)).toBe(text);
  });
});

describe.each(pages)('%s', (page) => {
  it('links to files that are there', () => {
    const links = [...textOf(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    const missing = links.filter((link) => !/^https?:/.test(link) && !existsSync(resolve(root, dirname(page), link)));

    expect(missing).toStrictEqual([]);
  });

  it('names folders and files that are there', () => {
    const named = [...textOf(page).matchAll(/`((?:src|cli|local|functions|test|docs|tools)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );

    expect(named.filter((path) => !existsSync(join(root, path)))).toStrictEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const rows = [...textOf('docs/architecture.md').matchAll(/\| \[([^\]]+)\]\(\.\.\/(test\/[^)]+)\) \|$/gm)];

  it('says what consumers see of everything a list does', () => {
    expect(rows.length).toBeGreaterThan(25);
  });

  it.each(rows.map(([, title = '', path = '']) => [title, path] as const))(
    'shows by "%s" what it says',
    (title, path) => {
      expect(textOf(path)).toContain(title);
    },
  );
});

describe('README.md', () => {
  it('shows a connection file that is accepted', () => {
    const [example = ''] = codeBlocks('README.md', 'json');

    const { connections } = parseConnectionFile(example, { vendors, runtime: 'embedded', fileName: 'README.md' });

    expect(connections.map(({ vendor }) => vendor)).toStrictEqual(['openproject', 'leen']);
  });

  it('uses npm scripts that package.json has', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const used = [...textOf('README.md').matchAll(/npm (?:run )?([a-z]+)/g)].map(([, name = '']) => name);

    expect(used.filter((name) => !(name in scripts) && !['and'].includes(name))).toStrictEqual([]);
  });
});

describe.each(vendors.map((vendor) => [vendor.id, vendor] as const))('every documented field of %s', (_, vendor) => {
  it('arrives in the canonical user, or is left out for a reason', async () => {
    const fields = await traceFields(vendor);

    expect(fields.length).toBeGreaterThan(5);
    expect(fields.filter(({ arrivesAs, leftOut }) => arrivesAs.length === 0 && leftOut === undefined)).toStrictEqual(
      [],
    );
  });

  it('is left out only where it does not arrive', async () => {
    const arriving = (await traceFields(vendor))
      .filter(({ arrivesAs }) => arrivesAs.length > 0)
      .map(({ field }) => field);

    expect(Object.keys(vendor.leftOut).filter((field) => arriving.includes(field))).toStrictEqual([]);
  });
});
