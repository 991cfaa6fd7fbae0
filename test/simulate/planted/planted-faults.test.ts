import { describe, expect, it } from 'vitest';
import { spoil } from './plant-fault.ts';
import { plantedFaults } from './planted-faults.ts';
import { readPlantedOptions } from './planted-options.ts';
import { readSearch } from './search-fault.ts';

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

describe(readSearch, () => {
  it('tells who has complained, and after how many seeds', () => {
    const story = [
      '  log: not a complaint',
      'seed 7 failed:',
      '  event contents: two',
      '  leases: one',
      '  leases: two',
    ];
    const end = [
      '  replay it with: npm run test:simulate -- --seed 7 --trace',
      '{"error":1}',
      '6 passed, 1 failed',
      '',
    ];

    expect(readSearch([...story, ...end])).toStrictEqual({ complaints: ['event contents', 'leases'], seeds: 7 });
  });

  it('tells of nobody where all seeds pass', () => {
    expect(readSearch(['{}', '40 passed, 0 failed'])).toStrictEqual({ complaints: [], seeds: 40 });
  });
});

describe(readPlantedOptions, () => {
  it('chooses by parts of names, and all where there are none', () => {
    expect(readPlantedOptions(['fence', '--runs', '40']).faults.map(({ oracle }) => oracle)).toStrictEqual(['leases']);
    expect(readPlantedOptions([]).faults).toHaveLength(plantedFaults.length);
    expect(() => readPlantedOptions(['nothing like it'])).toThrow('no fault has "nothing like it" in its name');
  });
});
