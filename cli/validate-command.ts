import { Argument, Command, Option } from 'commander';
import { jsonOption } from './feed-options.ts';
import type { Output } from './output.ts';

/** `ucf connections validate`: what is wrong with a file, before anybody depends on it. */
export function validateCommand(output: Output): Command {
  return new Command('validate')
    .description('check a connection file, and list all its faults; asks no feed, no vendor and no secret')
    .addArgument(new Argument('<file>', 'connection file'))
    .addOption(
      new Option('--deployed', 'as a deployed stack may have it: secrets in AWS, and https alone').default(false),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ ucf connections validate connections.json
  $ ucf connections validate connections.json --deployed --json

Whether credentials are accepted is for ucf connections test. Exit codes: 0 no faults, 2 faults.`,
    )
    .action(async (path: string, options: { readonly deployed: boolean; readonly json: boolean }) => {
      const { validateFile } = await import('./validate-file.ts');
      process.exitCode = await validateFile(path, options, output);
    });
}
