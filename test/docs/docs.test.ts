import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { vendors } from '../../src/vendors/registry.ts';
import { scaffold } from '../../tools/create-vendor/scaffold.ts';
import { generatedDocs } from '../../tools/generated-docs.ts';
import { traceFields } from '../../tools/vendor-fields.ts';
import { docPages, root, textOf } from './doc-pages.ts';

const generated = [...(await generatedDocs())];

/** What is not there before a reader has run `npm run create-vendor`, by the page that goes through it. */
const scaffolded: Readonly<Record<string, readonly string[]>> = {
  'docs/adding-a-vendor.md': scaffold('globex', textOf).map(({ path }) => path),
};

describe('generated documents', () => {
  it.each(generated)('%s is what `npm run docs` writes', (path, text) => {
    expect(textOf(path)).toBe(text);
  });
});

describe.each(docPages)('%s', (page) => {
  it('names folders and files that are there', () => {
    const named = [
      ...textOf(page).matchAll(
        /`((?:src|cli|console|local|functions|infra|test|docs|tools|bench|examples)\/[\w./-]+)`/g,
      ),
    ].map(([, path = '']) => path);

    const made = scaffolded[page] ?? [];
    expect(named.filter((path) => !made.includes(path) && !existsSync(join(root, path)))).toStrictEqual([]);
  });
});

describe('README.md', () => {
  it('counts the alarms, each of which has its section in docs/operating.md', () => {
    // That the sections are those of the stack's alarms is shown by test/infra/alarms.test.ts.
    const [, alarms = ''] = /\n## Alarms\n(.*?)\n## /s.exec(textOf('docs/operating.md')) ?? [];
    const sections = alarms.match(/^### /gm);

    expect(/(\d+) alarms/.exec(textOf('README.md'))?.[1]).toBe(String(sections?.length));
  });
});

describe('docs/comparison.md', () => {
  const [claims = '', sources = ''] = textOf('docs/comparison.md').split('\n## Sources\n');
  const listed = [...sources.matchAll(/^(\d+)\. \[[^\]]+\]\(https:[^)]+\)$/gm)].map(([, number]) => Number(number));

  it('says when its sources were read', () => {
    expect(sources).toMatch(/Read as stored copies, \w+ 20\d\d\./);
  });

  it('names every source in the order of the claims, and lists none that no claim needs', () => {
    const named = [...claims.matchAll(/\[(\d+)\](?!\()/g)].map(([, number]) => Number(number));

    expect(listed.length).toBeGreaterThan(10);
    expect([...new Set(named)]).toStrictEqual(listed);
  });

  it('says of every alternative what is better, and what is worse', () => {
    const products = claims.split(/^## /m).filter((section) => /\[\d+\](?!\()/.test(section));

    expect(products.length).toBeGreaterThan(4);
    expect(products.filter((section) => !/better/i.test(section) || !/worse/i.test(section))).toStrictEqual([]);
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

describe.each(vendors.map((vendor) => [vendor.id, vendor] as const))('every documented field of %s', (_, vendor) => {
  it('arrives in the canonical user, or is left out for a reason', async () => {
    const fields = await traceFields(vendor);

    expect(fields.length).toBeGreaterThan(2);
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
