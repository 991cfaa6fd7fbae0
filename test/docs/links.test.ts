import { existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { docPages, root, textOf } from './doc-pages.ts';
import { anchorsOf, linksOf } from './links.ts';

/** What is wrong with a link of a page; empty where nothing is. Nothing is fetched. */
function linkFaults(page: string, link: string): readonly string[] {
  if (/^[a-z]+:/.test(link))
    return /^https:\/\/[^\s]+$/.test(link) && URL.canParse(link) ? [] : [`${link}: no https address`];
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : posix.normalize(posix.join(dirname(page), path));
  if (!existsSync(join(root, target))) return [`${link}: there is no such file`];
  if (anchor === undefined) return [];
  return target.endsWith('.md') && anchorsOf(textOf(target)).has(anchor) ? [] : [`${link}: there is no such section`];
}

describe('links', () => {
  it.each(docPages)('of %s lead somewhere', (page) => {
    expect(linksOf(textOf(page)).flatMap((link) => linkFaults(page, link))).toStrictEqual([]);
  });

  it('are looked for where there are some', () => {
    expect(docPages.flatMap((page) => linksOf(textOf(page))).length).toBeGreaterThan(80);
    expect(
      docPages.flatMap((page) => linksOf(textOf(page))).filter((link) => link.includes('#')).length,
    ).toBeGreaterThan(10);
  });

  it.each([
    ['docs/no-such.md', /no such file/],
    ['docs/deploying.md#how-it-fails', /no such section/],
    ['#no-such', /no such section/],
    ['http://example.com', /no https/],
  ])('such as %s are told from good ones', (link, fault) => {
    expect(linkFaults('README.md', link).join()).toMatch(fault);
  });

  it('are known by their sections as pages show them', () => {
    const anchors = anchorsOf('# A `b` & C\n\n## Twice\n\n## Twice\n\n```sh\n# no section\n```\n<a id="own"></a>\n');

    expect([...anchors]).toStrictEqual(['a-b--c', 'twice', 'twice-1', 'own']);
    expect(linksOf('[a](b.md) ![c](d.png) `[no](link)` [e]: f\n```sh\n[g](h)\n```\n<img src="i.svg">')).toStrictEqual([
      'b.md',
      'd.png',
      'i.svg',
    ]);
  });
});

describe('the index of the documentation', () => {
  it('names every page', () => {
    const named = new Set(linksOf(textOf('docs/README.md')));
    const pages = docPages.filter((page) => /^docs\/.+\.md$/.test(page) && page !== 'docs/README.md');

    expect(pages.map((page) => page.slice('docs/'.length)).filter((page) => !named.has(page))).toStrictEqual([]);
  });
});
