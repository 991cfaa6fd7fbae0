import { describe, expect, it } from 'vitest';
import { renderTable } from '../../../cli/render-table.ts';

describe(renderTable, () => {
  it('aligns columns under their heads', () => {
    expect(
      renderTable(
        [
          { id: 'a', status: 'fine' },
          { id: 'long', status: 'x' },
        ],
        80,
      ),
    ).toStrictEqual(['id    status', '----  ------', 'a     fine', 'long  x']);
  });

  it('wraps between words to stay within the width', () => {
    const lines = renderTable([{ id: 'a', text: 'some words that go on for longer than that' }], 24);

    expect(lines).toStrictEqual([
      'id  text',
      '--  --------------------',
      'a   some words that go',
      '    on for longer than',
      '    that',
    ]);
  });

  it('gives each row a block of its own where a column would break an id', () => {
    const rows = [
      { hold: '1f2e3d4c-deleted', why: 'brake' },
      { hold: '5a6b7c8d-deleted', why: '' },
    ];

    expect(renderTable(rows, 22)).toStrictEqual([
      'hold  1f2e3d4c-deleted',
      'why   brake',
      '',
      'hold  5a6b7c8d-deleted',
    ]);
  });

  it('breaks what fits nowhere, and writes no control character', () => {
    const lines = renderTable([{ id: 'a', text: `${'x'.repeat(60)}\u001b[31m\n` }], 24);

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(24);
    expect(lines.join('')).not.toMatch(/\p{Cc}/u);
  });
});
