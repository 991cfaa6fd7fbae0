import { Option } from 'commander';

/** Which feed a command is about: exactly one of them, see `chooseFeed`. */
export type FeedOptions = { readonly state?: string; readonly stack?: string };

/** Where the feed is: a folder on this machine. */
export function stateOption(): Option {
  return new Option('--state <dir>', 'the state folder of a feed on this machine, as given to `ucf dev --state`');
}

/** Where the feed is: a stack in an AWS account. */
export function stackOption(): Option {
  return new Option('--stack <name>', 'the stack of a deployed feed, with your AWS credentials; or UCF_STACK names it');
}

/** How the result is printed. */
export function jsonOption(): Option {
  return new Option('--json', 'print one JSON document').default(false);
}

/** Whether somebody has to confirm. */
export function yesOption(): Option {
  return new Option('--yes', 'do not ask for a confirmation; required where nobody can be asked').default(false);
}

/** Who asks. */
export function byOption(): Option {
  return new Option('--by <name>', 'who does this; your user name on this machine by default');
}

/** When it is done. */
export function nowOption(): Option {
  return new Option('--now', 'sweep at once instead of leaving it to the next tick').default(false);
}
