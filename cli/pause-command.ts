import { Argument, Command } from 'commander';
import { type FeedOptions, jsonOption, stackOption, stateOption } from './feed-options.ts';
import type { Output } from './output.ts';

const texts = {
  pause: {
    description: 'stop sweeping connections until they are resumed; what is known of their users stays',
    after: `From now on none of their sweeps is begun; one that is under way goes on to its end, and ucf sweep still
sweeps by hand. A paused connection is neither stale nor failing, so that nobody is told. What has changed meanwhile is
found by the first sweep after ucf connections resume.`,
  },
  resume: {
    description: 'sweep paused connections again; they are due at once',
    after: 'Whatever changed while they were paused is found by their next sweep, and the brakes count it as always.',
  },
} as const;

/** `ucf connections pause` and `ucf connections resume`. */
export function pauseCommand(name: keyof typeof texts, output: Output): Command {
  const { description, after } = texts[name];
  return new Command(name)
    .description(description)
    .addArgument(new Argument('<connection...>', 'ids of connections'))
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ ucf connections ${name} acme --stack user-change-feed
  $ ucf connections ${name} acme globex --state .state

${after}
The settings say so, too ("paused"): ucf connections apply and ucf dev --config set it to what their file has.`,
    )
    .action(async (ids: readonly string[], options: FeedOptions & { readonly json: boolean }) => {
      const { pauseConnections } = await import('./pause-connections.ts');
      process.exitCode = await pauseConnections(ids, { ...options, paused: name === 'pause' }, output);
    });
}
