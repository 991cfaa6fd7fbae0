import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { connectionId } from '../../../../src/model/ids.ts';
import { budgetOf, jitterSeconds } from '../../../../src/sweep/dispatch-readiness.ts';
import { aConnection } from '../../store/sample-log.ts';

const hashText = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
const many = Array.from({ length: 1_000 }, (_, number) => connectionId(`c${number}`));

describe('jitterSeconds', () => {
  it('is the same for a connection whenever it is asked for, and spreads connections over the minute', () => {
    const seconds = many.map((id) => jitterSeconds(aConnection(id), hashText));

    expect(seconds).toStrictEqual(many.map((id) => jitterSeconds(aConnection(id), hashText)));
    expect([Math.min(...seconds), Math.max(...seconds)]).toStrictEqual([0, 59]);
    for (const quarter of [0, 15, 30, 45])
      expect(seconds.filter((at) => at >= quarter && at < quarter + 15).length).toBeGreaterThan(150);
  });

  it('is short for connections that are swept often', () => {
    const seconds = many.map((id) => jitterSeconds(aConnection(id, { everySeconds: 60 }), hashText));

    expect(Math.max(...seconds)).toBe(3);
  });
});

describe('budgetOf', () => {
  it('is the same in whatever order credentials and their references are written', () => {
    const id = connectionId('a');
    const one = aConnection(id, { credentials: { a: { ssm: '/x' }, b: { secretsManager: 's', field: 'f' } } });
    const other = aConnection(id, { credentials: { b: { field: 'f', secretsManager: 's' }, a: { ssm: '/x' } } });

    expect(budgetOf(one, hashText)).toBe(budgetOf(other, hashText));
  });
});
