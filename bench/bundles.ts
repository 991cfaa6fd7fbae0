import type { Bench, Figure } from './bench.ts';
import { type Bundle, type BundledEntry, bundleEntries } from './bundle-entries.ts';
import { functionEnvironments } from './function-environments.ts';
import { measureImportTimes } from './import-times.ts';

const functionNames = ['sweep', 'dispatch', 'publish'] as const;

/** How large each function's bundle is and how long its import takes, against the bare libraries it is made from. */
export const bundles: Bench = {
  id: 'bundles',
  measure({ isQuick }) {
    return bundleEntries(bundledEntries(), async (all) => {
      const environments = functionEnvironments();
      const outcomes = [];
      for (const name of functionNames) {
        const pair = { name, ours: find(all, name), bare: find(all, `bare-${name}`) };
        outcomes.push(await measureFunction(pair, environments[name] ?? {}, isQuick ? 1 : 15));
      }
      return {
        figures: outcomes.flatMap(({ figures }) => figures),
        details: outcomes.flatMap(({ details }) => details),
      };
    });
  },
};

/** The entries of the functions, and for each `bare-<name>`: its libraries, constructed and no more. */
export function bundledEntries(): Readonly<Record<string, BundledEntry>> {
  return Object.fromEntries(
    functionNames.flatMap((name) => [
      [name, { entry: `functions/lambda/${name}.ts` }],
      // Nothing is left out of it: the SDK's clients come with all that they bring along.
      [`bare-${name}`, { entry: `bench/bare/${name}.ts`, otherwise: { externalModules: [] } }],
    ]),
  );
}

function find(all: Readonly<Record<string, Bundle>>, name: string): Bundle {
  const found = all[name];
  if (found === undefined) throw new Error(`there is no bundle named ${name}`);
  return found;
}

type Pair = { readonly name: string; readonly ours: Bundle; readonly bare: Bundle };

async function measureFunction({ name, ours, bare }: Pair, env: Readonly<Record<string, string>>, rounds: number) {
  const times = await measureImportTimes({ paths: { ours: ours.path, bare: bare.path }, rounds, env });
  const against = 'against its libraries, bare';
  const figures: readonly Figure[] = [
    {
      id: `${name}.bytes`,
      name: `bundle of ${name}, ${against}`,
      value: ours.bytes,
      unit: 'bytes',
      reference: bare.bytes,
      target: { of: 'ratio', atMost: 1.3 },
    },
    {
      id: `${name}.import`,
      name: `import of ${name}, ${against}, median of ${rounds}`,
      value: toTenths(times.ours),
      unit: 'ms',
      reference: toTenths(times.bare),
    },
    {
      id: `${name}.map`,
      name: `source map of ${name}, ${against}`,
      value: ours.mapBytes,
      unit: 'bytes',
      reference: bare.mapBytes,
    },
  ];
  return { figures, details: [`largest files in the bundle of ${name}, in bytes:`, ...largest(ours)] };
}

function largest({ inputs }: Bundle): readonly string[] {
  const ten = inputs.slice(0, 10).map(({ path, bytes }) => line(bytes, path));
  const own = inputs.filter(({ path }) => !path.includes('node_modules/'));
  const ownBytes = own.reduce((sum, { bytes }) => sum + bytes, 0);
  return [...ten, line(ownBytes, `all ${own.length} files of this project`)];
}

function line(bytes: number, what: string): string {
  return `${bytes.toLocaleString('en').padStart(11)}  ${what}`;
}

function toTenths(value: number): number {
  return Math.round(value * 10) / 10;
}
