import { connectionFileSchema } from '../src/config/connection-schema.ts';
import { listProtectableFields } from '../src/config/protected-fields.ts';
import { vendors } from '../src/vendors/registry.ts';
import type { Vendor } from '../src/vendors/vendor.ts';
import { benchPages } from './bench-page.ts';
import { withBill } from './bill-table.ts';
import { cliPage } from './cli-page.ts';
import { contractFiles } from './contract/contract-files.ts';
import { vendorsPage } from './vendors-page.ts';

type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
};

/** The generated documents by path, from the schemas that the code itself reads connection files with. */
export async function generatedDocs(): Promise<ReadonlyMap<string, string>> {
  const schema = connectionFileSchema(vendors);
  return new Map([
    ['docs/connections.schema.json', `${JSON.stringify(schema, null, 2)}\n`],
    ['docs/connections.md', connectionsPage(schema as Schema)],
    ['docs/cli.md', cliPage()],
    ['docs/vendors.md', await vendorsPage(vendors)],
    ...contractFiles(),
    ['docs/deploying.md', await withBill('docs/deploying.md', 'all')],
    ['README.md', await withBill('README.md', 'total')],
    ...(await benchPages()),
  ]);
}

function connectionsPage(file: Schema): string {
  const kinds = file.properties?.connections?.items?.oneOf ?? [];
  const common = Object.entries(kinds[0]?.properties ?? {}).filter(([name]) => !perVendor.has(name));
  const sections = vendors.map((vendor) =>
    vendorSection(
      vendor,
      kinds.find(({ properties }) => properties?.vendor?.const === vendor.id),
    ),
  );
  return `# The connection file

Generated from the schemas by \`npm run docs\`. Point your editor at [connections.schema.json](connections.schema.json)
with a \`"$schema"\` key to have it checked while you type. Unknown keys are faults, and all faults are listed at once.

\`{ "connections": [ … ] }\`, each with:

${table(rowsOf(Object.fromEntries(common), kinds[0]?.required))}

\`fields.redact\` takes canonical fields, ${protectable('redact')}, and what only one vendor has, as
\`vendorAttributes.<name>\`; \`fields.hash\` those of text: ${protectable('hash')}, and \`vendorAttributes.<name>\`.
Never \`id\`, \`status\` and \`rawStatus\`.

\`vendor\`, \`credentials\` and \`options\` depend on the vendor, below. A credential is a reference, never the secret
itself: \`{ "env": "NAME" }\` or \`{ "file": "./path" }\` on a laptop, \`{ "ssm": "/path" }\` or
\`{ "secretsManager": "name" }\` deployed. Options that narrow the list are part of
its scope: changing one deletes nobody.

${sections.join('\n\n')}
`;
}

function protectable(way: 'redact' | 'hash'): string {
  return listProtectableFields(way, { projection: [] })
    .map((field) => `\`${field}\``)
    .join(' ');
}

const perVendor = new Set(['vendor', 'credentials', 'options']);

function vendorSection(vendor: Vendor, schema: Schema | undefined): string {
  const sets = vendor.credentialSets.map((names) => names.map((name) => `\`${name}\``).join(' + ')).join(', or ');
  const options = schema?.properties?.options;
  const { endSignal, total, delta, probe, deletionsVisible } = vendor.proves;
  return `## ${vendor.title}

\`"vendor": "${vendor.id}"\`. Credentials: ${sets}.

${table(rowsOf(options?.properties ?? {}, options?.required))}

What its list can prove: end of the list by ${endSignal}; total: ${total}; deltas: ${delta}; single users: ${probe};
deletions: ${deletionsVisible}.`;
}

type Row = readonly [key: string, value: string, fallback: string, description: string];

function rowsOf(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
  prefix = '',
  mark = 'required',
): readonly Row[] {
  return Object.entries(properties).flatMap(([name, schema]): readonly Row[] => {
    const path = `${prefix}${name}`;
    // What is required within something that may be left out is so only where that is given.
    const isGiven = schema.default !== undefined || required.includes(name);
    if (schema.properties !== undefined)
      return rowsOf(schema.properties, schema.required, `${path}.`, isGiven ? mark : `required in \`${path}\``);
    const fallback =
      schema.default === undefined ? (required.includes(name) ? mark : '') : `\`${JSON.stringify(schema.default)}\``;
    return [[`\`${path}\``, valueText(schema), fallback, schema.description ?? '']];
  });
}

function valueText(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(' ');
  if (schema.items !== undefined) return `list of ${valueText(schema.items)}`;
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return [...new Set(alternatives.map(valueText))].join(' or ');
  const bounds = [schema.minimum, schema.maximum].map((bound) =>
    Math.abs(bound ?? Infinity) >= Number.MAX_SAFE_INTEGER ? undefined : bound,
  );
  const range =
    bounds[0] === undefined ? '' : bounds[1] === undefined ? ` from ${bounds[0]}` : ` ${bounds[0]} to ${bounds[1]}`;
  return `${schema.type ?? 'any JSON'}${range}`;
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(
    (row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`,
  );
  return ['| key | value | default | |', '|---|---|---|---|', ...lines].join('\n');
}
