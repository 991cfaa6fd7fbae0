import { type Command, InvalidArgumentError, Option } from 'commander';
import { type FeedOptions, jsonOption, stackOption, stateOption, yesOption } from './feed-options.ts';

/** Where events are sent, how fast, and whether somebody has to confirm. */
export type TargetOptions = FeedOptions & {
  readonly toQueue?: string;
  readonly toBus: boolean;
  readonly events?: string;
  readonly rate: number;
  readonly yes: boolean;
  readonly restart: boolean;
  readonly json: boolean;
};

const usualRate = 100;

/** The options of every command that sends events once more. */
export function addRunOptions(command: Command): Command {
  return addPace(
    command
      .addOption(stateOption())
      .addOption(stackOption())
      .addOption(
        new Option('--to-queue <url>', 'send them to this SQS queue alone, as a rule would').conflicts('toBus'),
      )
      .addOption(new Option('--to-bus', 'put them on the bus: every consumer gets them').default(false)),
  ).addOption(new Option('--restart', 'begin anew, also where the same command was broken off').default(false));
}

/** The options of every command that may publish. */
export function addPace(command: Command): Command {
  return command
    .addOption(new Option('--events <file>', 'with --state: the subscriber of the bus, a file of JSON lines'))
    .addOption(
      new Option('--rate <n>', 'at most so many events a second')
        .default(usualRate, `${usualRate}/s`)
        .argParser(readRate),
    )
    .addOption(yesOption())
    .addOption(jsonOption());
}

function readRate(text: string): number {
  const number = Number(text.replace(/\/s$/, ''));
  if (number > 0 && number <= 10_000) return number;
  throw new InvalidArgumentError('expected events a second, from 1/s to 10000/s.');
}
