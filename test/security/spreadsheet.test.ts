import { describe, expect, it } from 'vitest';
import { toCsv } from '../../examples/access-review-csv/to-csv.ts';

const row = (name: string) => ({
  connection: 'acme',
  id: '1',
  name,
  status: 'active',
  isPresent: true,
  lastChange: 'user.created',
  lastChangedAt: '2026-11-23T08:00:00.000Z',
});
/** The cells that a program sees that separates by one of these. */
const cellsOf = (csv: string, separator: RegExp) => csv.split('\r\n').slice(1).join('\r\n').split(separator);

describe(toCsv, () => {
  it.each([
    '=1+1',
    '+1',
    '-1',
    '@A1',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1',
    '＋1',
    '－1',
    '＠A1',
    'a;=1',
    'a\t=1',
    'a\n=1',
    'a;;@A1',
    'a;＝1',
    '=1;=2',
    '";=1',
  ])('writes no cell of %j that begins a formula, whatever a spreadsheet takes for a separator', (name) => {
    for (const separator of [/,/, /;/, /\t/, /\r?\n/])
      for (const cell of cellsOf(toCsv([row(name)]), separator))
        expect(cell.replace(/^"/, ''), JSON.stringify(cell)).not.toMatch(/^[=+\-@＝＋－＠]/);
  });

  it('changes nothing about what is no formula', () => {
    for (const name of ['O=Brien', 'Anne-Marie', 'a; b', "d'Arc", 'x@people.example'])
      expect(toCsv([row(name)])).toContain(`,${name},`);
  });
});
