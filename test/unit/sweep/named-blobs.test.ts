import { describe, expect, it } from 'vitest';
import { sweepId } from '../../../src/model/ids.ts';
import type { Checkpoint } from '../../../src/sweep/checkpoint.ts';
import { blobName, checkpointBlobs, namedBlobs } from '../../../src/sweep/named-blobs.ts';
import { aKnownHold } from '../../support/known-hold.ts';
import { aState } from '../store/sample-log.ts';

const absent = { sweepId: sweepId('s'), count: 1, blob: 'absent' };
const { members: _, ...statusHold } = aKnownHold({ holdId: 'status' }).hold;
const holds = [aKnownHold({ holdId: 'one' }).hold, statusHold];
const staged = { parts: [{ prefix: 'staged', rows: [2, 1] }], replaced: ['replaced'] };
const walk = { phase: 'walk', staged, compared: 'compared' } as unknown as Checkpoint;
const planned = {
  absent: { ...absent, blob: 'absent next' },
  holds: [aKnownHold({ holdId: 'next' }).hold, statusHold],
};
const commit = { phase: 'commit', staged, plan: { conclusion: planned } } as unknown as Checkpoint;

const stagedNames = ['staged-0', 'staged-1', 'replaced'];

describe(namedBlobs, () => {
  it('is nothing of a connection that has neither absent users nor holds', () => {
    expect(namedBlobs(aState())).toStrictEqual([]);
  });

  it.each<[string, Checkpoint | undefined, readonly string[]]>([
    ['nothing else where no sweep is under way', undefined, []],
    ['what a walk has left', walk, [...stagedNames, 'compared']],
    ['what a commit has decided and left', commit, ['absent next', 'hold/next', ...stagedNames]],
  ])('is the list of the absent, the members of holds, and %s', (_, checkpoint, names) => {
    const state = aState({ absent, holds, ...(checkpoint && { checkpoint }) });

    expect(namedBlobs(state)).toStrictEqual(['absent', 'hold/one', ...names]);
  });
});

describe(checkpointBlobs, () => {
  it.each([
    ['a walk', walk, [...stagedNames, 'compared']],
    ['a commit', commit, stagedNames],
  ])('is what %s needs to go on', (_, checkpoint, names) => {
    expect(checkpointBlobs(checkpoint)).toStrictEqual(names);
  });
});

describe(blobName, () => {
  it('sorts by lease, however many there were', () => {
    const names = [9, 10, 123_456_789_012].map((token) => blobName({ token }, 'x'));

    expect(names).toStrictEqual(['000000000009/x', '000000000010/x', '123456789012/x']);
    expect(names.toSorted()).toStrictEqual(names);
  });
});
