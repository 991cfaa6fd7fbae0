import { describe, expect, it } from 'vitest';
import { chooseFeed, findFeed } from '../../../cli/choose-feed.ts';
import { exitCodeOf, exitCodes } from '../../../cli/exit-code.ts';
import type { FeedOptions } from '../../../cli/feed-options.ts';

function faultOf(options: FeedOptions, env: Record<string, string> = {}): string {
  try {
    return JSON.stringify(chooseFeed(options, env));
  } catch (error) {
    expect(exitCodeOf(error)).toBe(exitCodes.wrongUsageOrConfiguration);
    return (error as Error).message;
  }
}

describe(chooseFeed, () => {
  it('takes the option, and without one the stack that the environment names', () => {
    expect(chooseFeed({ state: '.state' }, {})).toStrictEqual({ state: '.state' });
    expect(chooseFeed({ stack: 'feed' }, { UCF_STACK: 'other' })).toStrictEqual({ stack: 'feed' });
    expect(chooseFeed({}, { UCF_STACK: 'feed' })).toStrictEqual({ stack: 'feed' });
  });

  it('prefers a state folder that was typed to a stack that was exported', () => {
    expect(chooseFeed({ state: '.state' }, { UCF_STACK: 'feed' })).toStrictEqual({ state: '.state' });
  });

  it('says what is missing, or that two feeds are named', () => {
    expect(faultOf({}, { UCF_STACK: '' })).toMatch(/^--state or --stack: is missing: .*--state DIR.*--stack NAME/);
    expect(faultOf({ state: '.state', stack: 'feed' })).toBe('--state and --stack: name two feeds: give one of them');
    expect(faultOf({ stack: '' }, { UCF_STACK: 'feed' })).toBe('--stack: is empty');
  });
});

describe(findFeed, () => {
  it('finds none where none is named', () => {
    expect(findFeed({}, {})).toBeUndefined();
  });
});
