import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shapesOf } from '../../../cli/command-shape.ts';
import { shells } from '../../../cli/completion-command.ts';
import { completionScript } from '../../../cli/completion-script.ts';
import { createProgram } from '../../../cli/program.ts';
import { runUcfHere } from '../../support/run-ucf-here.ts';

const program = createProgram({ result: () => undefined, note: () => undefined });

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['--version']).status === 0;
}

/** What bash would offer for each command line: the last word is the one at the cursor. */
async function completeInBash(...lines: readonly (readonly string[])[]): Promise<readonly (readonly string[])[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ucf-complete-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'a folder'));
  await writeFile(join(folder, 'connections.json'), '');
  await writeFile(join(folder, 'ucf.bash'), completionScript('bash', program));
  const asked = lines.map((words) => `ask ${['ucf', ...words].map((word) => `'${word}'`).join(' ')}`);
  const script = `set -u
source ./ucf.bash
ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _ucf; printf '%s\\t' \${COMPREPLY[@]+"\${COMPREPLY[@]}"}; echo; }
complete -p ucf >/dev/null || exit 1
${asked.join('\n')}
`;
  const { stdout, stderr, status } = spawnSync('bash', ['--noprofile', '--norc', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect([status, stderr]).toStrictEqual([0, '']);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t').filter((word) => word !== '' && word !== 'ucf.bash'));
}

describe('the completion of bash', () => {
  it.skipIf(!isInstalled('bash'))('offers what may stand at the cursor, and nothing else', async () => {
    const cases: readonly (readonly [line: string, offered: readonly string[]])[] = [
      ['ho', ['holds']],
      ['connections ', ['list', 'show', 'validate', 'test', 'apply', 'pause', 'resume', 'remove', 'help']],
      ['connections re', ['resume', 'remove']],
      ['help holds ', ['list', 'show', 'approve', 'reject']],
      ['holds help a', ['approve']],
      ['completion ', ['bash', 'zsh', 'fish']],
      ['holds list --a', ['--all']],
      ['tail --', ['--stack', '--from', '--type', '--limit', '--json', '--help']],
      ['changes acme --type user.d', ['user.deleted']],
      ['changes acme --type = user.c', ['user.created']],
      ['users list acme --status s', ['suspended']],
      ['users list acme --status suspended --with', ['--with-sequence']],
      ['sweep acme --stack ', []],
      ['sweep sweep --dr', ['--dry-run']],
      ['connections apply conn', ['connections.json']],
      ['connections apply connections.json --pr', ['--prune']],
      ['dev --config ', ['a folder', 'connections.json']],
      ['dev --state ', ['a folder']],
      ['vendors --j', ['--json']],
    ];

    const offered = await completeInBash(...cases.map(([line]) => line.split(' ')));

    const found = cases.map(([line], at) => [line, offered[at]?.toSorted()]);
    expect(found).toStrictEqual(cases.map(([line, words]) => [line, words.toSorted()]));
  });
});

describe(completionScript, () => {
  it.each(shells)('knows for %s every command and every option of the program', (shell) => {
    const script = completionScript(shell, program);

    for (const { path, options } of shapesOf(program)) {
      expect(script).toContain(`'${path}'`);
      for (const { flag } of options) expect(script).toContain(shell === 'fish' ? `-l ${flag.slice(2)} ` : flag);
    }
  });

  it.for([
    ['bash', ['-n']],
    ['zsh', ['-n']],
    ['fish', ['--no-execute']],
  ] as const)('is one that %s parses', async ([shell, words], { skip }) => {
    if (!isInstalled(shell)) skip(`${shell} is not installed on this machine`);
    const folder = await mkdtemp(join(tmpdir(), 'ucf-parse-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'script'), completionScript(shell, program));

    const { status, stderr } = spawnSync(shell, [...words, join(folder, 'script')], { encoding: 'utf8' });

    expect([status, stderr]).toStrictEqual([0, '']);
  });
});

describe('ucf completion', () => {
  it('prints the script, and with --json a document that has it', async () => {
    const plain = await runUcfHere(['completion', 'zsh']);
    const json = await runUcfHere(['completion', 'zsh', '--json']);

    expect(plain).toMatchObject({ exitCode: 0, stderr: '', stdout: completionScript('zsh', program) });
    expect(JSON.parse(json.stdout)).toStrictEqual({ shell: 'zsh', script: plain.stdout });
  });

  it('refuses a shell that it does not know, and names those it does', async () => {
    const { exitCode, stdout, stderr } = await runUcfHere(['completion', 'tcsh']);

    expect([exitCode, stdout]).toStrictEqual([2, '']);
    expect(stderr).toContain('Allowed choices are bash, zsh, fish');
  });
});
