import { Option } from 'commander';

/** Which feed a command is about. */
export type FeedOptions = { readonly state: string };

/** Where the feed is. */
export function stateOption(): Option {
  return new Option(
    '--state <dir>',
    'the state folder of the feed, as given to `ucf dev --state`',
  ).makeOptionMandatory();
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
