import type { SimulatedVendorName } from '../../local/simulators/simulated-vendors.ts';

type Accepted = Readonly<Record<string, string>>;

/** How one vendor's connection differs from the others'. */
type Account = {
  readonly credentials: readonly string[];
  readonly every: string;
  readonly deltaEvery?: string;
  options(accepted: Accepted): object;
};

/** Pages are small: a list takes several, so that a kill falls between two of them. */
const accounts: Readonly<Record<string, Account>> = {
  leen: {
    credentials: ['apiKey'],
    every: '4s',
    deltaEvery: '1s',
    options: ({ connectionId }) => ({ connectionId, limit: 10, includeUserGroups: true }),
  },
  openproject: { credentials: ['apiKey'], every: '1s', options: () => ({ pageSize: 10 }) },
  yuuvis: {
    credentials: ['username', 'password'],
    every: '2s',
    options: ({ tenant }) => ({ tenant, max: 10 }),
  },
  truto: {
    credentials: ['token'],
    every: '2s',
    options: ({ integratedAccountId }) => ({ integratedAccountId, limit: 10 }),
  },
  delay: { credentials: ['token'], every: '4s', deltaEvery: '1s', options: () => ({ pageSize: 10 }) },
};

export type WrittenAccount = { readonly entry: object; readonly env: Readonly<Record<string, string>> };

/** The connection to a simulated vendor as an operator writes it into a file, and the secrets that it names. */
export function writeAccount(vendor: SimulatedVendorName, baseUrl: string, accepted: Accepted): WrittenAccount {
  const account = accounts[vendor];
  if (account === undefined) throw new Error(`nobody has said how a connection to ${vendor} is written`);
  const { credentials: names, every, deltaEvery, options } = account;
  const variables = names.map((name) => [name, `CRASH_${vendor}_${name}`.toUpperCase()] as const);
  return {
    entry: {
      id: `crash-${vendor}`,
      vendor,
      tenantId: 'crash',
      baseUrl,
      every,
      ...(deltaEvery !== undefined && { deltaEvery }),
      // A consumer who begins with nothing hears of everybody.
      baseline: 'emit',
      credentials: Object.fromEntries(variables.map(([name, variable]) => [name, { env: variable }])),
      options: options(accepted),
    },
    env: Object.fromEntries(variables.map(([name, variable]) => [variable, accepted[name] ?? ''])),
  };
}
