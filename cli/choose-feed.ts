import type { Environment } from '../src/config/environment.ts';
import type { FeedOptions } from './feed-options.ts';
import { usageFault } from './usage-fault.ts';

/** Which feed a command is about. */
export type ChosenFeed = { readonly state: string } | { readonly stack: string };

/** The variable that names a stack where no option does. */
const variable = 'UCF_STACK';

/** The feed that the options name, or the environment. @throws config.invalid where that is none or two */
export function chooseFeed(options: FeedOptions, env: Environment): ChosenFeed {
  const chosen = findFeed(options, env);
  if (chosen !== undefined) return chosen;
  throw usageFault(
    '--state or --stack',
    `is missing: give --state DIR for a feed on this machine, or --stack NAME (or ${variable} in the environment) for a deployed one`,
  );
}

/** As `chooseFeed`; undefined where none is named. @throws config.invalid where two are */
export function findFeed({ state, stack }: FeedOptions, env: Environment): ChosenFeed | undefined {
  if (state !== undefined && stack !== undefined)
    throw usageFault('--state and --stack', 'name two feeds: give one of them');
  // What was typed wins over what was exported some time ago.
  if (state !== undefined) return { state: named(state, '--state') };
  if (stack !== undefined) return { stack: named(stack, '--stack') };
  const exported = env[variable];
  return exported === undefined || exported === '' ? undefined : { stack: exported };
}

function named(name: string, option: string): string {
  if (name !== '') return name;
  throw usageFault(option, 'is empty');
}
