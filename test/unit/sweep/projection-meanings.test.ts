import { describe, expect, it } from 'vitest';
import { connectionId } from '../../../src/model/ids.ts';
import type { SweepRecordStore } from '../../../src/sweep/ports.ts';
import { createMeanings } from '../../../src/sweep/projection-meanings.ts';
import { anEntry } from '../store/sample-log.ts';

describe(createMeanings, () => {
  it('reads each version once that turns up, also one that nobody has on record', async () => {
    const read: string[] = [];
    const readProjection = async (_: unknown, version: string) => {
      read.push(version);
      return version === 'old' ? new Map([['title', '1']]) : undefined;
    };
    const meanings = createMeanings({ readProjection } as unknown as SweepRecordStore, connectionId('c'));
    const entries = ['old', 'lost', 'old', 'lost'].map((projectionVersion) => anEntry('u', { projectionVersion }));

    await meanings.learn(entries.slice(0, 2));
    await meanings.learn(entries);

    expect(read).toStrictEqual(['old', 'lost']);
    expect(['old', 'lost', 'unheard of'].map(meanings.of)).toStrictEqual([
      new Map([['title', '1']]),
      undefined,
      undefined,
    ]);
  });
});
