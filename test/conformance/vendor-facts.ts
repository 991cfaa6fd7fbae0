import type { Simulator } from '../../local/simulators/start-simulator.ts';

/** What the suite has to know of a vendor to run its cases against the vendor's simulator. */
export type VendorFacts = {
  /** The credential names of the usual connection. */
  readonly credentials: readonly string[];
  /** Credentials that are addresses of the simulator, by name. */
  readonly urls: (simulator: Simulator) => Readonly<Record<string, string>>;
  /** Options for so many users a page. */
  readonly options: (simulator: Simulator, pageSize: number) => object;
  /** A page size that the vendor's document forbids. */
  readonly badPageSize: object;
  /** An option that narrows the list. */
  readonly narrowing: object;
  /** A status word that the vendor's document does not list, where not every word will do. */
  readonly unlistedStatus?: string;
  /** Keys whose objects may have members of any name, all of which count. */
  readonly freeForm?: readonly string[];
  /** Cases that make no sense for this vendor, each with the reason. */
  readonly excluded: Readonly<Record<string, string>>;
};

const numbersNotCursors = 'pages are addressed by number: the vendor hands out no cursor that it could repeat';

export const vendorFacts: Readonly<Record<string, VendorFacts>> = {
  leen: {
    credentials: ['apiKey'],
    urls: () => ({}),
    options: ({ credentials }, limit) => ({ connectionId: credentials.connectionId, limit }),
    badPageSize: { limit: 0 },
    narrowing: { status: 'ACTIVE' },
    excluded: {
      'total proves': 'Leen states no total',
    },
  },
  openproject: {
    credentials: ['apiKey'],
    urls: ({ url }) => ({ tokenUrl: `${url}/oauth/token` }),
    options: (_, pageSize) => ({ pageSize }),
    badPageSize: { pageSize: 0 },
    narrowing: { filters: [{ status: { operator: '=', values: ['active'] } }] },
    excluded: {
      'repeated cursor': numbersNotCursors,
      'cycle of two cursors': numbersNotCursors,
      'empty page with a cursor':
        'an empty page within the total has lost its rows, which the total shows: see "total proves"',
    },
  },
  yuuvis: {
    credentials: ['username', 'password'],
    urls: ({ url }) => ({ tokenUrl: `${url}/auth/realms/simulated/protocol/openid-connect/token` }),
    options: ({ credentials }, max) => ({ tenant: credentials.tenant, max }),
    badPageSize: { max: 0 },
    narrowing: { search: 'e' },
    excluded: {
      'repeated cursor': numbersNotCursors,
      'cycle of two cursors': numbersNotCursors,
      'empty page with a cursor': 'an empty page that is not the last would go on for ever, so it fails the sweep',
      'total proves': 'the total is soft: it counts service accounts that are not listed',
    },
  },
  truto: {
    credentials: ['token'],
    urls: () => ({}),
    options: ({ credentials }, limit) => ({ integratedAccountId: credentials.integratedAccountId, limit }),
    badPageSize: { limit: 0 },
    narrowing: { status: 'active' },
    freeForm: ['identifiers'],
    excluded: {
      'total proves': 'Truto states no total',
      'survives one 503': 'a 503 of Truto’s own means a blocked account, which does not pass',
    },
  },
  delay: {
    credentials: ['token'],
    urls: ({ url }) => ({ tokenUrl: `${url}/oauth/token` }),
    // The traps aim at pages by number; the other way through the list has tests of its own.
    options: (_, pageSize) => ({ pageSize, paging: 'pages' }),
    badPageSize: { pageSize: 101 },
    narrowing: { status: 'active' },
    excluded: {
      'empty page with a cursor': 'a numbered page that is empty has lost its rows, which vetoes the sweep',
      'total proves': 'Delay states no total',
    },
  },
};
