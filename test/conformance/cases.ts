import { expect } from 'vitest';
import type { TrapName } from '../../local/simulators/trap-settings.ts';
import { deltaCases } from './delta-cases.ts';
import { evidenceCases } from './evidence-cases.ts';
import { failureCases } from './failure-cases.ts';
import { mappingCases } from './mapping-cases.ts';
import { idsOf, type VendorUnderTest, walk } from './vendor-under-test.ts';

/** One thing that every vendor does, or excludes with a reason. */
export type ConformanceCase = {
  readonly name: string;
  /** The trap that has to fire, or the case has shown nothing. */
  readonly trap?: TrapName;
  run(tested: VendorUnderTest): Promise<void>;
};

const listCases: readonly ConformanceCase[] = [
  {
    name: 'walks every page once and shows everybody once',
    async run({ list, simulator }) {
      const ids = idsOf(await walk(list()));

      expect(ids.toSorted()).toStrictEqual(
        simulator.directory
          .people()
          .map(({ id }) => id)
          .toSorted(),
      );
    },
  },
  {
    name: 'ends after a single page that holds everybody',
    async run({ list }) {
      const pages = await walk(list({ pageSize: 50 }));

      expect(pages.map(({ users, next }) => [users.length, next])).toStrictEqual([[17, null]]);
    },
  },
  {
    name: 'ends after a last page that is exactly full',
    async run({ list, simulator }) {
      simulator.directory.remove(simulator.directory.people().at(-1)?.id ?? '');

      const ids = idsOf(await walk(list({ pageSize: 8 })));

      expect(new Set(ids).size).toBe(16);
    },
  },
  {
    name: 'refuses options it does not know, and page sizes its document forbids',
    async run({ vendor, facts, simulator }) {
      const good = facts.options(simulator, 5);

      expect(vendor.options.safeParse({ ...good, noSuchOption: 1 }).success).toBe(false);
      expect(vendor.options.safeParse({ ...good, ...facts.badPageSize }).success).toBe(false);
    },
  },
  {
    name: 'accepts its own parsed options, as a stored connection brings them back',
    async run({ vendor, facts, simulator }) {
      const once = vendor.options.parse(facts.options(simulator, 5));

      expect(vendor.options.parse(JSON.parse(JSON.stringify(once)))).toStrictEqual(once);
    },
  },
  {
    name: 'puts an option that narrows the list into the scope, and no other',
    async run({ list, facts }) {
      const whole = list().scope;

      expect(list({ options: facts.narrowing }).scope).not.toBe(whole);
      expect(list({ pageSize: 7 }).scope).toBe(whole);
    },
  },
  {
    name: 'accepts every documented set of credentials that its simulator knows',
    async run({ vendor, facts, list, simulator }) {
      const known = { ...simulator.credentials, ...facts.urls(simulator) };
      const sets = vendor.credentialSets.filter((names) => names.every((name) => name in known));

      for (const credentials of sets)
        expect(new Set(idsOf(await walk(list({ credentials })))).size, credentials.join(' ')).toBe(17);

      expect(sets.length).toBe(vendor.credentialSets.length);
    },
  },
  {
    name: 'finds a user by his id, and says what it means not to find one',
    async run({ vendor, io, connection, simulator }) {
      const { id, baseUrl, options } = connection();
      const target = {
        connectionId: id,
        baseUrl,
        options: vendor.options.parse(options),
        credentials: simulator.credentials,
      };
      const [person] = simulator.directory.people();
      const probe = (userId: string) => vendor.probeUser?.({ ...target, userId: userId as never }, io);

      expect(await probe(person?.id ?? '')).toBe('present');
      simulator.directory.remove(person?.id ?? '');
      expect(await probe(person?.id ?? '')).toBe(vendor.proves.notFound === 'user_gone' ? 'absent' : 'unknown');
      simulator.traps.arm('forbidden', { on: 'user' });
      expect(await probe(simulator.directory.people()[0]?.id ?? '')).toBe('unknown');
    },
  },
];

export const conformanceCases: readonly ConformanceCase[] = [
  ...listCases,
  ...failureCases,
  ...mappingCases,
  ...evidenceCases,
  ...deltaCases,
];
