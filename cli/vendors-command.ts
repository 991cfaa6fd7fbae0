import { Command } from 'commander';
import { jsonOption } from './feed-options.ts';
import type { Output } from './output.ts';

/** `ucf vendors`: which vendors there are, and what the list of each can prove. */
export function vendorsCommand(output: Output): Command {
  return new Command('vendors')
    .description('list the vendors, and what the list of each can prove')
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  $ ucf vendors\n  $ ucf vendors --json')
    .action(async (options: { readonly json: boolean }) => {
      (await import('./print-vendors.ts')).printVendors(options, output);
    });
}
