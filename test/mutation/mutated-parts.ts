/** What is tried together. */
export type MutatedPart = {
  readonly name: string;
  readonly folder: string;
  /** Globs of its files; those that begin with `!` are of another part. */
  readonly files: readonly string[];
  /** Globs of the tests that are to notice: those that need neither time nor a socket. */
  readonly tests: readonly string[];
  readonly except: readonly string[];
  /** Parts of the names of tests that take too long for thousands of mutants. */
  readonly exceptNames?: readonly string[];
};

/** Properties that are about consumers or vendors, or that want more random runs than a mutant gets. */
const otherProperties = 'test/property/{acceptance,acceptor,consumer,events,snapshot-at,store-commands}.test.ts';

/** Stories over many sweeps, told with a table in the process of the tests. */
const stories = [
  'brake',
  'collapsed-lists',
  'deletion',
  'deltas',
  'deltas-due',
  'holds',
  'holds-decisions',
  'mapping-versions',
  'mapping-versions-users',
  'new-epoch',
  'probes',
  'purge',
  'removed-connection',
  'resuming',
  'resuming-after-death',
  'resuming-checkpoint',
  'resuming-messages',
  'scope',
  'selected-users',
  'undecidable-members',
  'vanished-fields',
  'vanished-fields-status',
  'volatile-fields',
  'what-a-list-proves',
  'what-the-list-does',
];

export const mutatedParts: readonly MutatedPart[] = [
  {
    name: 'diff',
    folder: 'src/diff',
    // A loop over 65,536 places takes long where every turn asks which mutant is on: whoever builds an absent list waits.
    files: ['src/diff/**/*.ts', '!src/diff/pair-table.ts', '!src/diff/key-table.ts'],
    tests: ['test/unit/diff/*.test.ts', 'test/property/*.test.ts'],
    except: [otherProperties],
    exceptNames: ['200,000 keys'],
  },
  {
    name: 'diff-tables',
    folder: 'src/diff',
    files: ['src/diff/pair-table.ts', 'src/diff/key-table.ts'],
    tests: [
      'test/unit/diff/{pair-table,key-table,absent-list,key-set,seen-users}.test.ts',
      'test/property/{pair-table,key-set}.test.ts',
    ],
    except: [],
    exceptNames: ['200,000 keys'],
  },
  {
    name: 'events',
    folder: 'src/events',
    files: ['src/events/**/*.ts'],
    tests: [
      'test/unit/events/*.test.ts',
      'test/contract/*.test.ts',
      'test/property/{events,packing,protection}.test.ts',
    ],
    // How large a bundle is, which it is not with mutants in it.
    except: ['test/unit/events/public-entry.test.ts'],
  },
  {
    name: 'sweep',
    folder: 'src/sweep',
    files: ['src/sweep/**/*.ts'],
    tests: ['test/unit/sweep/**/*.test.ts', `test/scenario/{${stories.join(',')}}.test.ts`],
    except: [],
  },
];
