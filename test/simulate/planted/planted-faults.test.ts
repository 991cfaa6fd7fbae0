import { describe, expect, it } from 'vitest';
import { spoil } from './plant-fault.ts';
import { plantedFaults } from './planted-faults.ts';

describe(spoil, () => {
  it.each(plantedFaults)('finds the place of "$name"', (fault) => {
    expect(spoil(fault)).toContain(fault.to);
  });

  it('refuses a fault that has no place any more', () => {
    expect(() => spoil({ name: 'x', oracle: 'leases', file: 'package.json', from: 'not there', to: '' })).toThrow(
      'package.json does not have once what "x" takes the place of: adapt planted-faults.ts',
    );
  });
});
