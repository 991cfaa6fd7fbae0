import { Command, InvalidArgumentError, Option } from 'commander';
import type { SubscriberOptions } from './subscriber-options.ts';

export type DevOptions = SubscriberOptions & {
  readonly config?: string;
  readonly state?: string;
  readonly once: boolean;
  readonly full: boolean;
  readonly delta: boolean;
  readonly events?: string;
  readonly queuePort?: number;
  readonly port?: number;
  /** False with `--no-console`. */
  readonly console: boolean;
  readonly json: boolean;
};

/** The `dev` command, without what it does. */
export function devCommand(): Command {
  return new Command('dev')
    .description('run the whole feed on this machine: poll, compare, publish, and print each event')
    .addOption(new Option('--config <file>', 'connections to poll; without it, simulated vendors that change'))
    .addOption(new Option('--state <dir>', 'keep everything here across runs; without it, in a temporary folder'))
    .addOption(new Option('--once', 'sweep every connection once, print a summary line each, and exit').default(false))
    .addOption(new Option('--full', 'with --once: read whole lists, which is the default').default(false))
    .addOption(
      new Option('--delta', 'with --once: ask for what changed only, where the vendor can be asked')
        .default(false)
        .conflicts('full'),
    )
    .addOption(new Option('--events <file>', 'append each delivered event to this file, as one JSON line'))
    .addOption(
      new Option(
        '--deliver <url[,pattern]>',
        'POST each event to a webhook, or those of an EventBridge pattern; repeatable',
      )
        .default([], 'none')
        .argParser(collect),
    )
    .addOption(
      new Option('--queue <name[=pattern]>', 'serve an SQS queue of all events, or of those of a pattern; repeatable')
        .default([], 'none')
        .argParser(collect),
    )
    .addOption(new Option('--subscribers <file>', 'subscribers in a JSON file: name, url (none for a queue), pattern'))
    .addOption(new Option('--queue-port <n>', 'port of the queues; 4710 or a free one by default').argParser(readPort))
    .addOption(new Option('--port <n>', 'port of the console; a free one near 4700 by default').argParser(readPort))
    .addOption(new Option('--no-console', 'serve no console'))
    .addOption(new Option('--json', 'print events and summaries as JSON lines').default(false))
    .addHelpText(
      'after',
      `
Examples:
  $ npm start
  $ npm start -- --once --state .state
  $ npm start -- --config connections.json --state .state --events events.jsonl
  $ npm start -- --queue users --queue 'leavers={"detail-type":["user.deleted"]}'
  $ npm start -- --deliver 'http://127.0.0.1:8080/hook,{"detail-type":["user.created"]}'

Exit codes: 0 done, 1 a sweep failed, is incomplete or holds changes back, 2 wrong usage or configuration.`,
    );
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

/** @throws InvalidArgumentError of commander */
export function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('expected a port number from 0 to 65535.');
}
