import { describe, expect, it } from 'vitest';
import { digestSecret } from '../../../../src/vendors/http/digest-secret.ts';

describe('digestSecret', () => {
  it('names a secret without showing it, and another one otherwise', () => {
    expect(digestSecret('s3cret')).toBe(digestSecret('s3cret'));
    expect(digestSecret('s3cret')).not.toBe(digestSecret('s3cre7'));
    expect(digestSecret('s3cret')).toMatch(/^[0-9a-f]{16}$/);
  });
});
