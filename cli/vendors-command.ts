import { Command, Option } from 'commander';
import { vendors } from '../src/vendors/registry.ts';
import type { Vendor } from '../src/vendors/vendor.ts';
import type { Output } from './output.ts';
import { renderTable } from './render-table.ts';

/** `ucf vendors`: which vendors there are, and what the list of each can prove. */
export function vendorsCommand(output: Output): Command {
  return new Command('vendors')
    .description('list the vendors, and what the list of each can prove')
    .addOption(new Option('--json', 'print one JSON document').default(false))
    .action(({ json }: { readonly json: boolean }) => {
      if (json) output.result(JSON.stringify({ vendors: vendors.map(vendorJson) }));
      else for (const line of renderTable(vendors.map(vendorRow))) output.result(line);
    });
}

function vendorJson({ id, title, mappingVersion, credentialSets, proves }: Vendor) {
  return { id, title, mappingVersion, credentialSets, proves };
}

function vendorRow({ id, proves, credentialSets }: Vendor) {
  return {
    vendor: id,
    'end of the list': proves.endSignal,
    total: proves.total,
    delta: proves.delta,
    probe: proves.notFound === 'user_gone' ? `${proves.probe} (404: gone)` : proves.probe,
    'deletions visible': proves.deletionsVisible,
    credentials: credentialSets.map((names) => names.join(' + ')).join(', or '),
  };
}
