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
};
