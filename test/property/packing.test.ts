import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatchBounds, maxBatchBytes, maxTransitionsPerBatch } from '../../src/diff/batch-bounds.ts';
import {
  type BusEntry,
  entryBytes,
  maxBytesPerCall,
  maxEntriesPerCall,
  packEntries,
} from '../../src/events/pack-entries.ts';
import { anEntry, aTransition, at, aUser } from '../support/builders.ts';
import { packBatches } from '../support/pack-batches.ts';

/** Mostly small, sometimes so large that a few fill a batch or a call. */
const size = fc.oneof({ weight: 4, arbitrary: fc.nat(500) }, { weight: 1, arbitrary: fc.nat(200_000) });

describe(createBatchBounds, () => {
  it('keeps every transition once, in order, within both bounds, and opens no batch too early', () => {
    fc.assert(
      fc.property(fc.array(size, { maxLength: 130 }), (sizes) => {
        const transitions = sizes.map((length) =>
          aTransition({ entry: anEntry({ user: aUser({ bio: 'ä'.repeat(length / 2) }) }) }),
        );
        const bytesOf = (batch: readonly object[]) => Buffer.byteLength(JSON.stringify(batch)) - 1;

        const batches = packBatches(transitions);

        expect(batches.flat()).toStrictEqual(transitions);
        for (const [number, batch] of batches.entries()) {
          expect(batch.length).toBeLessThanOrEqual(maxTransitionsPerBatch);
          expect(bytesOf(batch)).toBeLessThanOrEqual(maxBatchBytes);
          const next = batches[number + 1]?.slice(0, 1) ?? [];
          if (next.length > 0 && batch.length < maxTransitionsPerBatch)
            expect(bytesOf([...batch, ...next])).toBeGreaterThan(maxBatchBytes);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe(packEntries, () => {
  it('keeps every entry once, in order, within both limits, and opens no call too early', () => {
    fc.assert(
      fc.property(fc.array(size, { maxLength: 60 }), (sizes) => {
        const entries = sizes.map((length, number) => ({ ...anEmptyEntry(number), Detail: '€'.repeat(length) }));
        const bytesOf = (call: readonly BusEntry[]) => call.reduce((sum, entry) => sum + entryBytes(entry), 0);

        const calls = packEntries(entries);

        expect(calls.flat()).toStrictEqual(entries);
        for (const [number, call] of calls.entries()) {
          expect(call.length).toBeLessThanOrEqual(maxEntriesPerCall);
          expect(bytesOf(call)).toBeLessThanOrEqual(maxBytesPerCall);
          const next = calls[number + 1]?.slice(0, 1) ?? [];
          if (next.length > 0 && call.length < maxEntriesPerCall)
            expect(bytesOf([...call, ...next])).toBeGreaterThan(maxBytesPerCall);
        }
      }),
      { numRuns: 50 },
    );
  });
});

function anEmptyEntry(number: number): BusEntry {
  return { Source: 's', DetailType: `${number}`, Time: new Date(at(0)), Resources: ['urn:r'], Detail: '' };
}
