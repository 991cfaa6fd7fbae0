/** A line to be put into a file that is there: in front of the first place where `before` stands, or of the last. */
export type Insertion = {
  readonly path: string;
  readonly before: string;
  readonly isLast?: true;
  readonly text: string;
};

/** Everything that has to know a new vendor by name. `$name$` and `$Name$` stand for it. */
export const insertions: readonly Insertion[] = [
  {
    path: 'src/vendors/registry.ts',
    before: "import type { Vendor } from './vendor.ts';",
    text: "import { $name$ } from './$name$/vendor.ts';\n",
  },
  { path: 'src/vendors/registry.ts', before: '];\n', text: ', $name$' },
  {
    path: 'local/simulators/simulated-vendors.ts',
    before: "import type { SimulatedVendor } from './simulated-vendor.ts';",
    text: "import { simulated$Name$ } from './$name$/simulated-$name$.ts';\n",
  },
  {
    path: 'local/simulators/simulated-vendors.ts',
    before: '} as const satisfies',
    text: '  $name$: simulated$Name$,\n',
  },
  {
    path: 'local/simulated-world.ts',
    before: '};\n\n/** Starts a simulator of every vendor',
    text: "  $name$: () => ({ credentials: ['token'], options: {} }),\n",
  },
  {
    path: 'test/unit/local/simulators/simulator-under-test.ts',
    before: '] as const satisfies readonly SimulatedVendorName[];',
    text: "  '$name$',\n",
  },
  {
    path: 'test/unit/local/simulators/simulator-under-test.ts',
    before: '};\n\nexport const fixedNowMs',
    text: `  $name$: {
    headers: ({ credentials }) => ({ Authorization: \`Bearer \${credentials.token}\` }),
    listPath: (size) => \`/users?limit=\${size}\`,
    userPath: (id) => \`/users/\${id}\`,
    rowsOf: (body) => body.users as Row[],
    nextPath: ({ next }, size) =>
      next ? \`/users?\${new URLSearchParams({ cursor: String(next), limit: String(size) })}\` : null,
  },
`,
  },
  {
    path: 'test/conformance/vendor-facts.ts',
    before: '};\n',
    isLast: true,
    text: `  $name$: {
    credentials: ['token'],
    urls: () => ({}),
    options: (_, pageSize) => ({ pageSize }),
    badPageSize: { pageSize: 101 },
    narrowing: { status: 'active' },
    excluded: {
      ...withoutDelta('it has not been looked up yet whether the vendor can be asked for changed users'),
      ...withoutProof('it has not been looked up yet what a 404 for one user proves'),
      'total proves': 'it has not been looked up yet whether the vendor states a total',
    },
  },
`,
  },
  {
    path: 'test/unit/local/simulators/shared-traps.test.ts',
    before: '    };\n    expect(Object.keys(fault)',
    text: "      $name$: ['message'],\n",
  },
  {
    path: 'test/deploy/vendor-accounts.ts',
    before: '};\n\nconst size',
    text: "  $name$: { secrets: ['token'], options: [] },\n",
  },
];
