import { describe, expect, it } from 'vitest';
import { choosePurpose } from '../../../src/diff/sweep-policy.ts';

const known = { directory: 'openproject|https://a.example', scope: '{}' };

describe(choosePurpose, () => {
  it('is a baseline where no list was ever complete', () => {
    expect(choosePurpose(undefined, known)).toBe('baseline');
  });

  it('is live where the same list was complete before', () => {
    expect(choosePurpose({ ...known }, known)).toBe('live');
  });

  it('is a rescope where the list is cut differently', () => {
    expect(choosePurpose(known, { ...known, scope: '{"status":"active"}' })).toBe('rescope');
  });

  it('is a baseline in another directory, however the list is cut', () => {
    const elsewhere = { ...known, directory: 'openproject|https://b.example' };

    expect(choosePurpose(known, elsewhere)).toBe('baseline');
    expect(choosePurpose(known, { ...elsewhere, scope: '{"status":"active"}' })).toBe('baseline');
  });
});
