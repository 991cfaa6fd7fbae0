import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { paintFor } from '../../../cli/paint.ts';
import { renderTable } from '../../../cli/render-table.ts';
import { runProgram } from '../../../cli/run-program.ts';
import { createProgress } from '../../../cli/show-progress.ts';
import { createTerminalOutput } from '../../../cli/terminal-output.ts';

const esc = '\u001b';

/** A stream whose text is kept; as a terminal it knows of colours what a terminal of Node does. */
function aStream({ isTTY = false, columns = 80 } = {}) {
  const stream = new PassThrough();
  const { getColorDepth } = WriteStream.prototype;
  return Object.assign(stream, {
    ...(isTTY && { isTTY, columns, getColorDepth }),
    text: () => String(stream.read() ?? ''),
  });
}

/** As a terminal of this kind has it, whatever runs these tests. */
function stubTerminal(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS', 'CI', 'TMUX']) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries({ TERM: 'xterm-256color', ...env })) vi.stubEnv(name, value);
}

describe(paintFor, () => {
  it.each([
    ['a terminal', true, {}, true],
    ['what is no terminal', false, {}, false],
    ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['a terminal that is dumb', true, { TERM: 'dumb' }, false],
    ['what is no terminal, with FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
    ['a terminal with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
  ])('colours for %s: %s, %j is %s', (_, isTTY, env, isColoured) => {
    stubTerminal(env);

    expect(paintFor(aStream({ isTTY }))('red', 'x')).toBe(isColoured ? `${esc}[31mx${esc}[39m` : 'x');
  });
});

describe(createTerminalOutput, () => {
  it('judges results and notes by the stream that each goes to', async () => {
    stubTerminal({});
    const [stdout, stderr] = [aStream(), aStream({ isTTY: true })];

    const code = await runProgram(['vendors', '--jso'], createTerminalOutput({ stdout, stderr }));
    await runProgram(['sweeps', 'list', 'a', '--state', 'nowhere'], createTerminalOutput({ stdout, stderr }));
    await runProgram(['vendors'], createTerminalOutput({ stdout, stderr }));

    expect(code).toBe(2);
    expect(stdout.text()).not.toContain(esc);
    expect(stderr.text()).toContain(`${esc}[31mucf:${esc}[39m the state folder nowhere holds no feed`);
  });

  it('shows a live line until something else is written, cut to the width of the terminal', () => {
    const [stdout, stderr] = [aStream(), aStream({ isTTY: true, columns: 10 })];
    const output = createTerminalOutput({ stdout, stderr });

    output.live?.('0123456789abc');
    output.live?.('twelve');
    output.result('a result');
    output.live?.('more');
    output.live?.(undefined);
    output.note('a note');

    const clear = `\r${esc}[K`;
    expect(stderr.text()).toBe(`012345678${clear}twelve${clear}more${clear}a note\n`);
    expect(stdout.text()).toBe('a result\n');
  });
});

describe(createProgress, () => {
  it('tells in one line on a terminal, and now and then in a line of its own elsewhere', () => {
    const told: string[] = [];
    let nowMs = 0;
    const output = { result: () => undefined, note: (line: string) => void told.push(`note ${line}`) };
    const live = (line: string | undefined) => void told.push(`live ${line}`);
    const terminal = createProgress({ ...output, live }, () => nowMs);
    const elsewhere = createProgress(output, () => nowMs);

    for (const ms of [50, 100, 150, 60_000]) {
      nowMs = ms;
      terminal.tell(`${ms} users read`);
      elsewhere.tell(`${ms} users read`);
    }
    terminal.end();
    elsewhere.end();

    expect(told).toStrictEqual([
      'live 100 users read',
      'live 60000 users read',
      'note 60000 users read so far',
      'live undefined',
    ]);
  });
});

describe('a table of results', () => {
  const vendorRows = async (columns: number) => {
    const lines: string[] = [];
    vi.spyOn(process, 'stdout', 'get').mockReturnValue(aStream({ isTTY: true, columns }) as never);
    await runProgram(['vendors'], { result: (line) => void lines.push(line), note: () => undefined });
    return lines;
  };

  it.each([120, 80, 40])('fits a terminal of %d columns', async (columns) => {
    const lines = await vendorRows(columns);

    expect(lines.length).toBeGreaterThan(5);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  it('has the same text with colours and without', () => {
    stubTerminal({ FORCE_COLOR: '1' });
    const rows = [{ connection: 'acme', 'what is wrong': 'the last complete sweep began long ago' }];

    const coloured = renderTable(rows, 40, paintFor(aStream()));

    expect(coloured.join('')).toContain(esc);
    expect(coloured.map(stripVTControlCharacters)).toStrictEqual(renderTable(rows, 40));
  });
});
