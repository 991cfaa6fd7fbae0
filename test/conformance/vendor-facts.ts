import type { Simulator } from '../../local/simulators/start-simulator.ts';

/** How a vendor is asked for users changed since a moment. */
export type DeltaFacts = {
  /** As the document spells it. */
  readonly parameter: string;
  readonly on: 'first page' | 'every page';
  /** Parameters that it refuses beside this one. */
  readonly neverWith: readonly string[];
  /** An option that narrows by the time of an update itself; `{}` where there is none. */
  readonly rival: object;
};

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
  /** Left out where the vendor cannot be asked for changed users only. */
  readonly delta?: DeltaFacts;
  /** Cases that make no sense for this vendor, each with the reason. */
  readonly excluded: Readonly<Record<string, string>>;
};

const deltaNames = [
  'asks for changed users as its document spells it',
  'lists who changed since then, each once, and nobody else',
  'goes on with changed users in a process that has just started',
  'ends at once where nobody has changed since then',
  'lists everybody, and finds nothing wrong with it, where the filter does nothing',
  'has no delta beside an option that narrows by the time of an update itself',
  'says where the filter does nothing for this connection',
];
const withoutDelta = (reason: string) => Object.fromEntries(deltaNames.map((name) => [name, reason]));
const withoutProof = (reason: string) =>
  Object.fromEntries(
    [
      'concludes a deletion from one complete sweep and an answer that there is no such user',
      'keeps who is missing from the list as long as he is found when asked about',
    ].map((name) => [name, reason]),
  );
const alwaysSupported = 'the document says that the filter works, and nothing that would tell where it does not';

const numbersNotCursors = 'pages are addressed by number: the vendor hands out no cursor that it could repeat';

export const vendorFacts: Readonly<Record<string, VendorFacts>> = {
  leen: {
    credentials: ['apiKey'],
    urls: () => ({}),
    options: ({ credentials }, limit) => ({ connectionId: credentials.connectionId, limit }),
    badPageSize: { limit: 0 },
    narrowing: { status: 'ACTIVE' },
    // Source: docs.leen.dev/api-reference/itsm/get-users; …/pagination for the refusal (stored copies).
    delta: { parameter: 'updatedSince', on: 'first page', neverWith: ['cursor'], rival: {} },
    excluded: {
      'has no delta beside an option that narrows by the time of an update itself': 'Leen has no such option',
      'says where the filter does nothing for this connection': alwaysSupported,
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
      ...withoutDelta('no filter by time is documented, and updatedAt moves with every login'),
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
      ...withoutDelta('yuuvis neither filters by the time of an update nor tells it'),
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
    // Source: truto.one/docs/api-reference/overview/querying (stored copy).
    delta: {
      parameter: 'updated_at[gt]',
      on: 'every page',
      neverWith: [],
      rival: { updatedAt: { lt: '2026-01-01T00:00:00Z' } },
    },
    excluded: {
      ...withoutProof('a 404 of Truto’s may mean the account instead of the user'),
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
    // Source: docs.d3lay.com/identity/user/retrieve-a-list-of-users, query parameters (stored copy).
    delta: {
      parameter: 'updated_at_from',
      on: 'every page',
      neverWith: [],
      rival: { updatedAtTo: '2026-01-01T00:00:00Z' },
    },
    excluded: {
      'says where the filter does nothing for this connection': alwaysSupported,
      ...withoutProof('a 404 of Delay’s may mean that row-level security hides the user'),
      'empty page with a cursor': 'a numbered page that is empty has lost its rows, which vetoes the sweep',
      'total proves': 'Delay states no total',
    },
  },
};
