import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '../../infra/read-settings.ts';
import { readCrashOptions } from '../crash/crash-options.ts';
import { readFuzzOptions } from '../fuzz/fuzz-options.ts';
import { readMutationOptions } from '../mutation/mutation-options.ts';
import { readPlantedOptions } from '../simulate/planted/planted-options.ts';
import { readSimulateOptions } from '../simulate/simulate-options.ts';
import { readSoakOptions } from '../soak/soak-options.ts';
import { awsFaults } from './aws-commands.ts';
import { root, textOf } from './doc-pages.ts';
import { ucfFault } from './ucf-grammar.ts';

/** What is wrong with the words of a command; empty where nothing is. */
type Checker = (words: readonly string[]) => readonly string[];

const { scripts } = JSON.parse(textOf('package.json')) as { readonly scripts: Readonly<Record<string, string>> };

/** Commands of npm that are no scripts. */
const ofNpm = ['install', 'ci', 'test', 'start'];

/** What takes the words behind `npm run <script> --`; of other scripts nobody knows what they take. */
const scriptArguments: Readonly<Record<string, Checker>> = {
  ucf: (words) => [ucfFault(words) ?? []].flat(),
  start: (words) => [ucfFault(['dev', ...words]) ?? []].flat(),
  bench: (words) => words.filter((word) => !benchWords().includes(word)).map((word) => `bench takes no ${word}`),
  'test:simulate': (words) => faultOf(() => readSimulateOptions(words)),
  'test:planted': (words) => faultOf(() => readPlantedOptions(words)),
  'test:fuzz': (words) => faultOf(() => readFuzzOptions(words)),
  'test:soak': (words) => faultOf(() => readSoakOptions(words)),
  'test:crash': (words) => faultOf(() => readCrashOptions(words)),
  'test:mutation': (words) => faultOf(() => readMutationOptions(words)),
  'create-vendor': (words) => (words.length === 1 ? [] : ['create-vendor takes one name']),
};

const cdkCommands = ['bootstrap', 'deploy', 'diff', 'destroy', 'synth'];

/** Which programs the documentation may call, and what is looked at. */
const programs: Readonly<Record<string, Checker>> = {
  ucf: (words) => [ucfFault(words) ?? []].flat(),
  npm: npmFaults,
  npx: ([program = '', ...words]) => inProject[program]?.(words) ?? [`npx ${program}: nobody checks it`],
  aws: awsFaults,
  git: ([verb = '']) => (['clone', 'pull', 'commit', 'switch'].includes(verb) ? [] : [`git ${verb}: nobody checks it`]),
  // What a reader does in his own folder and environment: there is nothing of this project to check.
  cd: () => [],
  cp: () => [],
  ln: () => [],
  export: () => [],
  tail: () => [],
  mkdir: () => [],
};

const inProject: Readonly<Record<string, Checker>> = {
  cdk: cdkFaults,
  node: ([file = '']) => missingFiles([file]),
  // Behind `-t` stands part of a test's name.
  vitest: ([, ...words]) => missingFiles(words.filter((word, at) => !word.startsWith('-') && words[at - 1] !== '-t')),
  tsc: () => [],
  biome: () => [],
};

/** What is wrong with a command of a page; empty where nothing is. */
export function commandFaults([program = '', ...words]: readonly string[]): readonly string[] {
  return programs[program]?.(words) ?? [`${program}: nobody checks it`];
}

function npmFaults([verb = '', ...rest]: readonly string[]): readonly string[] {
  const script = verb === 'run' || verb === '--silent' ? (rest[0] ?? '') : verb;
  if (!(script in scripts) && !ofNpm.includes(script)) return [`npm ${verb} ${script}: there is no such script`];
  const dashes = rest.indexOf('--');
  if (dashes < 0) return [];
  return scriptArguments[script]?.(rest.slice(dashes + 1)) ?? [`npm run ${script} --: nobody checks its words`];
}

/** Of the feed's own stack the settings are read as a deployment reads them; of an example, its keys must be known. */
function cdkFaults([verb = '', ...words]: readonly string[]): readonly string[] {
  if (!cdkCommands.includes(verb)) return [`cdk ${verb}: there is no such command`];
  const context = words.flatMap((word, at) => (words[at - 1] === '-c' ? [word] : []));
  const app = words.find((_, at) => words[at - 1] === '-a')?.replace('node ', '');
  const others = words.filter((word, at) => word.startsWith('-') && !['-a', '-c'].includes(word) && at >= 0);
  const unknown = others.map((word) => `cdk ${verb}: nobody checks ${word}`);
  return [...unknown, ...(app === undefined ? settingFaults(context) : exampleFaults(app, context))];
}

function settingFaults(context: readonly string[]): readonly string[] {
  const entries = context.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]);
  return faultOf(() =>
    readSettings({ context: Object.fromEntries(entries), account: '123456789012', region: 'eu-central-1' }),
  );
}

function exampleFaults(app: string, context: readonly string[]): readonly string[] {
  if (!existsSync(join(root, app))) return missingFiles([app]);
  const source = readFileSync(join(root, app), 'utf8');
  return context
    .map((one) => one.replace(/=.*/, ''))
    .filter((key) => !source.includes(`'${key}'`))
    .map((key) => `${app} reads no ${key}`);
}

/** Read from its files: to import it would be to load all that it measures. */
function benchWords(): readonly string[] {
  const options = textOf('bench/bench-options.ts').match(/--\w+/g) ?? [];
  return [...options, ...Array.from(textOf('bench/benches.ts').matchAll(/import { (\w+) }/g), ([, id = '']) => id)];
}

function missingFiles(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => !existsSync(join(root, path))).map((path) => `${path}: there is no such file`);
}

function faultOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    return [String((error as Error).message)];
  }
}
