import { describe, expect, it } from 'vitest';
import { createBatchBounds, maxBatchBytes, maxTransitionsPerBatch } from '../../../src/diff/batch-bounds.ts';
import type { StagedTransition } from '../../../src/diff/staged-transition.ts';
import { anEntry, aTransition, aUser } from '../../support/builders.ts';
import { packBatches } from '../../support/pack-batches.ts';

/** A transition of so many bytes as JSON, the comma after it included. */
function sized(bytes: number, letter = 'x'): StagedTransition {
  const wide = (bio: string) => aTransition({ entry: anEntry({ user: aUser({ bio }) }) });
  const room = bytes - 1 - Buffer.byteLength(JSON.stringify(wide('-'))) + 1;
  const letterBytes = Buffer.byteLength(letter);
  return wide(letter.repeat(Math.floor(room / letterBytes)) + '-'.repeat(room % letterBytes));
}

describe(createBatchBounds, () => {
  it('makes no batch of nothing', () => {
    expect(packBatches([])).toStrictEqual([]);
  });

  it('fills a batch with 50 and begins another with the 51st', () => {
    const transitions = Array.from({ length: 51 }, (_, number) =>
      aTransition({ entry: anEntry({ revision: number + 1 }) }),
    );

    const batches = packBatches(transitions);

    expect(batches).toStrictEqual([
      transitions.slice(0, maxTransitionsPerBatch),
      transitions.slice(maxTransitionsPerBatch),
    ]);
  });

  it('fills a batch to the last byte', () => {
    const transitions = [sized(200_000), sized(maxBatchBytes - 200_000)];

    expect(packBatches(transitions)).toStrictEqual([transitions]);
  });

  it('begins another batch for one byte more', () => {
    const [one, two] = [sized(200_000), sized(maxBatchBytes - 200_000 + 1)];

    expect(packBatches([one, two])).toStrictEqual([[one], [two]]);
  });

  it('counts what stands in a batch already, however many there are', () => {
    const [one, two, three] = [sized(150_000), sized(150_000), sized(maxBatchBytes - 300_000 + 1)];

    expect(packBatches([one, two, three])).toStrictEqual([[one, two], [three]]);
  });

  it('counts bytes and not letters', () => {
    const [one, two] = [sized(maxBatchBytes - 1_000, '👩'), sized(1_001, 'ä')];

    expect(packBatches([one, two])).toStrictEqual([[one], [two]]);
  });

  it('begins no batch before the first transition, however large that is', () => {
    expect(createBatchBounds().beginsBatch(sized(maxBatchBytes + 1))).toBe(false);
  });

  it('gives a transition beyond the bound a batch of its own', () => {
    const [small, huge, last] = [sized(1_000), sized(maxBatchBytes + 1), sized(1_001)];

    expect(packBatches([small, huge, last])).toStrictEqual([[small], [huge], [last]]);
  });
});
