import { vendors } from '../src/vendors/registry.ts';
import type { Vendor } from '../src/vendors/vendor.ts';
import type { Output } from './output.ts';
import { printTable } from './print-table.ts';

/** Prints which vendors there are, and what the list of each can prove. */
export function printVendors({ json }: { readonly json: boolean }, output: Output): void {
  if (json) output.result(JSON.stringify({ vendors: vendors.map(vendorJson) }));
  else printTable(vendors.map(vendorRow), output);
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
