import { type ExecFileSyncOptions, execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleEnvelope } from '../../tools/contract/sample-envelope.ts';
import { sampleEvents } from '../../tools/contract/sample-events.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ucf-package-'));
const packed = join(folder, 'node_modules/user-change-feed');

type Manifest = {
  readonly peerDependencies: Readonly<Record<string, string>>;
};

function run(command: string, args: readonly string[], options: ExecFileSyncOptions = {}): string {
  return String(execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe', ...options }));
}

/** What a program that was given this text prints, and how it ends where it fails. */
function runText(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return run(process.execPath, [name]);
}

/** Makes packages of the project's own installation those of the empty folder: peers, which whoever uses them brings along. */
function install(names: readonly string[]): void {
  for (const name of names) {
    const place = join(folder, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    if (!existsSync(place)) symlinkSync(join(root, 'node_modules', name), place);
  }
}

/** Paths below a folder, of files only. */
function filesBelow(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1));
}

function typeCheck(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  const flags = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2024'];
  try {
    return run(join(root, 'node_modules/.bin/tsc'), [...flags, '--types', '', name]);
  } catch (thrown) {
    return String((thrown as { readonly stdout: unknown }).stdout);
  }
}

beforeAll(() => {
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  run('npm', ['pack', '--pack-destination', folder, '--loglevel=error'], {
    cwd: root,
    env: { ...process.env, PATH: path },
  });
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
  // What the project itself has installed is in npm's cache.
  const quiet = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', ...quiet, `./${tarball}`]);
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const envelope = JSON.stringify(sampleEnvelope(sampleEvents()[0] as never));

describe('the packed package', () => {
  it('holds built code, the contract and its documents, and nothing else of the project', () => {
    const files = filesBelow(packed);
    const others = files.filter(
      (path) => !/^(dist\/package\/(src|functions|infra|local|cli|console)|docs\/schemas)\//.test(path),
    );

    expect(files.length).toBeGreaterThan(300);
    expect(others.toSorted()).toStrictEqual(
      ['CHANGELOG.md', 'LICENSE', 'README.md', 'docs/asyncapi.json', 'docs/events.md', 'package.json'].toSorted(),
    );
    expect(files.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toStrictEqual([]);
    expect(files.filter((path) => path.includes('/console/page/')).toSorted()).toStrictEqual(
      ['licences.txt', 'page.css', 'page.js'].map((name) => `dist/package/console/page/built/${name}`),
    );
  });

  it('gives plain JavaScript the events', () => {
    const printed = runText(
      'consumer.js',
      `import { isNewer, parseUserEvent, userEventPattern } from 'user-change-feed/events';
      import schema from 'user-change-feed/schemas/user.created.json' with { type: 'json' };
      const event = parseUserEvent({ body: ${JSON.stringify(envelope)} });
      console.log(event.type, event.metadata.userId, isNewer(event, undefined), schema.title);
      console.log(JSON.stringify(userEventPattern({ types: ['user.deleted'] })));`,
    );

    expect(printed).toBe(
      'user.created 42 true user.created\n{"source":["user-change-feed"],"detail-type":["user.deleted"]}\n',
    );
  });

  it('gives TypeScript types that tell events apart and refuse misspelt fields', () => {
    const text = (field: string) => `import { parseUserEvent, userEventPattern } from 'user-change-feed/events';
      const event = parseUserEvent('');
      if (event.type === 'user.status_changed') { const to: 'active' | string = event.data.status.${field}; void to; }
      userEventPattern({ types: ['user.status_changed'], statusTo: ['suspended'] });`;

    expect(typeCheck('right.ts', text('to'))).toBe('');
    expect(typeCheck('wrong.ts', text('too'))).toContain("Property 'too' does not exist");
  });

  it('keeps what is not public to itself', () => {
    const text = "import 'user-change-feed/dist/package/src/store/table.js';";

    expect(() => runText('intruder.js', text)).toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  const manifest = (): Manifest => JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8'));

  it('gives the consumer what it needs with the dependencies it declares', () => {
    expect(
      runText('consume.js', "console.log(Object.keys(await import('user-change-feed/consumer')).length > 0)"),
    ).toBe('true\n');
  });

  it('runs its command line with the dependencies it declares', () => {
    const ucf = join(folder, 'node_modules/.bin/ucf');

    expect(run(ucf, ['vendors'])).toContain('openproject');
    const printed = run(ucf, ['dev', '--once', '--state', 'state', '--events', 'events.jsonl']);
    expect(printed.match(/ baseline seen=\d+/g)).toHaveLength(5);
  });

  it('serves the console with the page it carries, where nothing can bundle one, and the licences of what is in it', async () => {
    const child = spawn(join(folder, 'node_modules/.bin/ucf'), ['dev', '--port', '0'], { cwd: folder });
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stderr.on('data', (text) => {
        said += String(text);
        const found = /console: (\S+)/.exec(said)?.[1];
        if (found !== undefined) resolve(new URL(found).origin);
      });
      child.on('close', () => reject(new Error(`ucf dev has ended: ${said}`)));
    });
    const answers = await Promise.all(
      ['/', '/assets/page.js', '/assets/page.css', '/assets/licences.txt'].map((path) => fetch(url + path)),
    );
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    child.kill('SIGINT');

    expect(existsSync(join(folder, 'node_modules/esbuild'))).toBe(false);
    expect(answers.map(({ status }) => status)).toStrictEqual([200, 200, 200, 200]);
    expect(texts[3]).toMatch(/preact [\d.]+ \(MIT\)[\s\S]*uplot [\d.]+ \(MIT\)/);
  });

  it('gives CDK apps the constructs, with the peers they install', () => {
    install(Object.keys(manifest().peerDependencies));

    expect(runText('stack.js', "console.log(Object.keys(await import('user-change-feed/infra')).length > 0)")).toBe(
      'true\n',
    );
  });
});
