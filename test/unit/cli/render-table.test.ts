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

  it('wraps at words, and breaks words that fit nowhere, to stay within the width', () => {
    const lines = renderTable(
      [
        { id: 'a', text: 'some words that go on for longer than that' },
        { id: 'b', text: 'x'.repeat(60) },
      ],
      24,
    );

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(24);
    expect(lines.join('').replace(/\s/g, '')).toContain('x'.repeat(60).slice(0, 20));
  });
});
