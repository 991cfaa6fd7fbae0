import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { docPages, root, textOf } from './doc-pages.ts';

type Launch = { readonly configurations: readonly { readonly runtimeExecutable: string; readonly program: string }[] };

const json = <T>(path: string) => JSON.parse(textOf(path)) as T;
const { scripts, devDependencies } = json<{
  scripts: Readonly<Record<string, string>>;
  devDependencies: { readonly node: string };
}>('package.json');

/** Scripts that a text names. */
function scriptsIn(text: string): readonly string[] {
  return Array.from(text.matchAll(/\bnpm run ([\w:-]+)/g), ([, name = '']) => name);
}

describe('what editors read', () => {
  it.each([
    '.vscode/settings.json',
    '.vscode/extensions.json',
    '.vscode/launch.json',
    '.devcontainer/devcontainer.json',
  ])('%s parses, and names no secret', (path) => {
    expect(Object.keys(json<object>(path)).length).toBeGreaterThan(0);
    expect(textOf(path)).not.toMatch(/secret|token|password|AWS_/i);
  });

  it('starts programs that are there', () => {
    const { configurations } = json<Launch>('.vscode/launch.json');
    const paths = configurations.flatMap(({ runtimeExecutable, program }) => [runtimeExecutable, program]);

    expect(paths.length).toBeGreaterThan(2);
    for (const path of paths)
      expect(existsSync(join(root, path.replace(/^\$\{workspaceFolder\}\//, ''))), path).toBe(true);
  });

  it('recommends the same extensions with and without a container', () => {
    const { recommendations } = json<{ recommendations: readonly string[] }>('.vscode/extensions.json');
    const container = json<{ customizations: { vscode: { extensions: readonly string[] } } }>(
      '.devcontainer/devcontainer.json',
    );

    expect(container.customizations.vscode.extensions).toStrictEqual(recommendations);
  });

  it('takes the Node that is pinned, everywhere', () => {
    const { image } = json<{ image: string }>('.devcontainer/devcontainer.json');

    expect(textOf('.nvmrc').trim()).toBe(devDependencies.node);
    expect(image).toMatch(new RegExp(`^node:${devDependencies.node}-\\w+$`));
  });

  it('lays files out as the linter does', () => {
    const editor = textOf('.editorconfig');
    const { formatter } = json<{ formatter: { indentWidth: number; lineWidth: number } }>('biome.json');

    expect(editor).toContain(`indent_size = ${formatter.indentWidth}\n`);
    expect(editor).toContain(`max_line_length = ${formatter.lineWidth}\n`);
  });
});

describe('what CI runs', () => {
  const ci = textOf('.ci/run');
  const suites = Object.keys(scripts).filter((name) => /^test(?::|$)/.test(name));
  const isMissing = (name: string) => !new RegExp(`\\bnpm (?:run )?${name}(?![\\w:])`).test(ci);

  it('is looked for where there are some', () => {
    expect(suites.length).toBeGreaterThan(3);
    expect(['test:no-such', 'tes'].filter(isMissing)).toStrictEqual(['test:no-such', 'tes']);
  });

  it('is every suite of tests', () => {
    expect(suites.filter(isMissing)).toStrictEqual([]);
  });

  it('is what CONTRIBUTING.md says it is', () => {
    expect(
      suites.filter(
        (name) => !textOf('CONTRIBUTING.md').includes(name === 'test' ? 'npm run check' : `npm run ${name}`),
      ),
    ).toStrictEqual([]);
  });
});

describe('a page or template', () => {
  it.each(docPages)('%s names scripts that package.json has', (page) => {
    expect(scriptsIn(textOf(page)).filter((name) => !(name in scripts))).toStrictEqual([]);
  });

  it('is looked at where there are scripts, and a planted one is told', () => {
    expect(scriptsIn(textOf('.github/pull_request_template.md')).length).toBeGreaterThan(2);
    expect(scriptsIn('`npm run chek`').filter((name) => !(name in scripts))).toStrictEqual(['chek']);
  });

  it.each(['bug', 'vendor-request'])('of an issue, %s, says what it is for', (name) => {
    expect(textOf(`.github/ISSUE_TEMPLATE/${name}.md`)).toMatch(/^---\nname: .+\nabout: .+\nlabels: \w+\n---\n/);
  });
});
