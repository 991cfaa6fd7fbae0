import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emulatedAccount } from '../../infra/settings.ts';
import { type EmulatedAws, region } from './emulated-aws.ts';
import { type ProgramEnd, runProgram } from './run-program.ts';

const root = join(import.meta.dirname, '..', '..');
const cdk = join(root, 'node_modules', '.bin', 'cdk');

/** What the emulator has no resource for, and what belongs to tests: all documented in docs/deploying.md. */
const emulatorSettings = {
  removal: 'destroy',
  archiveDays: '0',
  withoutSchemas: 'true',
  withoutMathAlarms: 'true',
  allowLoopbackVendors: 'true',
};

export const feedStack = 'user-change-feed';

/** Stacks of consumers, and the programs that make them. */
const consumers = {
  consumer: 'test/deploy/consumer-app.ts',
  PrintEvents: 'examples/print-events/stack.ts',
} as const;
export type ConsumerName = keyof typeof consumers;

export type Settings = { readonly [name: string]: string };
export type Outputs = { readonly [name: string]: string };

/** The CDK's command line, as operators use it, in a folder of its own for what it writes. */
export type Deployment = {
  bootstrap(): Promise<void>;
  /** The stack's outputs. */
  deployFeed(settings?: Settings): Promise<Outputs>;
  deployConsumer(name: ConsumerName, busArn: string): Promise<Outputs>;
  destroyConsumer(name: ConsumerName, busArn: string): Promise<void>;
  destroyFeed(): Promise<void>;
  /** Tries to deploy in another environment, with the settings of a real account. */
  tryDeploy(environment: NodeJS.ProcessEnv): Promise<ProgramEnd>;
  /** `ucf` on the deployed stack. */
  ucf(...words: readonly string[]): Promise<ProgramEnd>;
};

export function createDeployment({ environment }: EmulatedAws, folder: string): Deployment {
  const run = (words: readonly string[], env = environment) => runProgram(cdk, words, env);
  const succeed = async (words: readonly string[]) => {
    const { exitCode, said } = await run(words);
    if (exitCode !== 0) throw new Error(`cdk ${words.join(' ')} ended with ${exitCode}\n${said}`);
  };
  const feedWords = (settings: Settings = {}) => [
    ...Object.entries({ ...emulatorSettings, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    '--output',
    join(folder, 'feed'),
  ];
  const consumerWords = (name: ConsumerName, busArn: string) => [
    ...['--app', `node ${join(root, consumers[name])}`],
    ...['-c', `busArn=${busArn}`, '--output', join(folder, name)],
  ];
  const deploy = async (stack: string, words: readonly string[]): Promise<Outputs> => {
    const file = join(folder, 'outputs.json');
    await succeed(['deploy', '--require-approval', 'never', '--outputs-file', file, ...words]);
    return JSON.parse(await readFile(file, 'utf8'))[stack];
  };
  return {
    bootstrap: () => succeed(['bootstrap', `aws://${emulatedAccount}/${region}`]),
    deployFeed: (settings) => deploy(feedStack, feedWords(settings)),
    deployConsumer: (name, busArn) => deploy(name, consumerWords(name, busArn)),
    destroyConsumer: (name, busArn) => succeed(['destroy', '--force', ...consumerWords(name, busArn)]),
    destroyFeed: () => succeed(['destroy', '--force', ...feedWords()]),
    tryDeploy: (env) => run(['deploy', '--require-approval', 'never', '--output', join(folder, 'refused')], env),
    ucf: (...words) =>
      runProgram(process.execPath, [join(root, 'cli', 'ucf.ts'), ...words, '--stack', feedStack], environment),
  };
}
