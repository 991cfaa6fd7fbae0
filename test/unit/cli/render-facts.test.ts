import { describe, expect, it } from 'vitest';
import { renderFacts } from '../../../cli/render-facts.ts';
import { showCount } from '../../../cli/show-count.ts';
import { showDuration } from '../../../cli/show-duration.ts';
import { showTime } from '../../../cli/show-time.ts';
import { shownReference } from '../../../cli/shown-reference.ts';
import { at } from '../../support/builders.ts';

describe(renderFacts, () => {
  it('names each value, wraps it beside its name, and leaves out what there is none of', () => {
    const facts = [
      ['pages', '3'],
      ['failure', undefined],
      ['vetoes', 'partial response, unhealthy'],
    ] as const;

    expect(renderFacts(facts, 26)).toStrictEqual(['pages   3', 'vetoes  partial response,', '        unhealthy']);
  });
});

describe('values for people', () => {
  it('are a time to the second, a number with separators and a duration in its largest unit', () => {
    expect([showTime(at(1)), showCount(5230), ...[90, 900, 7200, 86_400].map(showDuration)]).toStrictEqual([
      '2026-11-23 08:01:00',
      '5,230',
      '90s',
      '15m',
      '2h',
      '1d',
    ]);
  });
});

describe(shownReference, () => {
  it('shows where a secret is kept, but no name that could be one', () => {
    expect([{ env: 'ACME_KEY' }, { file: '/run/key' }, { env: 'sk1a2B3c4D5e6F' }].map(shownReference)).toStrictEqual([
      { env: 'ACME_KEY' },
      { file: '/run/key' },
      { env: '(not shown: it could be a pasted key)' },
    ]);
  });
});
