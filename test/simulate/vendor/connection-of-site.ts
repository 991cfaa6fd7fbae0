import { parseConnectionFile } from '../../../src/config/connection-file.ts';
import type { Connection } from '../../../src/model/connection.ts';
import { vendors } from '../../../src/vendors/registry.ts';
import type { SimulatedName, VendorSite } from './vendor-site.ts';

const keys: { readonly [Name in SimulatedName]: string } = {
  leen: 'apiKey',
  openproject: 'apiKey',
  truto: 'token',
  yuuvis: 'token',
  delay: 'token',
};

/** The options of a connection to a site, with pages of this size. */
export function optionsOf({ name, credentials }: VendorSite, pageSize: number): object {
  if (name === 'leen')
    return { connectionId: credentials.connectionId, organizationId: credentials.organizationId, limit: pageSize };
  if (name === 'truto') return { integratedAccountId: credentials.integratedAccountId, limit: pageSize };
  if (name === 'yuuvis') return { tenant: credentials.tenant, max: pageSize };
  return { pageSize };
}

/** The credentials that a connection to a site uses. */
export function credentialsOf({ name, credentials }: VendorSite): { readonly [name: string]: string } {
  return { [keys[name]]: credentials[keys[name]] ?? '' };
}

/** Where the secret of a connection lies, and what it is. */
export function secretOf(id: string, { name, credentials }: VendorSite): readonly [path: string, secret: string] {
  return [`/ucf/${id}`, credentials[keys[name]] ?? ''];
}

/** A connection to a site as an operator writes it, with the checks that it goes through. */
export function connectionTo(id: string, site: VendorSite, settings: object, pageSize: number): Connection {
  const [path] = secretOf(id, site);
  const entry = {
    id,
    vendor: site.name,
    tenantId: 'acme',
    baseUrl: `${site.origin}${site.basePath}`,
    credentials: { [keys[site.name]]: { ssm: path } },
    options: optionsOf(site, pageSize),
    ...settings,
  };
  const text = JSON.stringify({ connections: [entry] });
  const { connections } = parseConnectionFile(text, { vendors, runtime: 'deployed', fileName: 'the simulation' });
  const [connection] = connections;
  if (connection === undefined) throw new Error(`${id} is no connection`);
  return connection;
}
