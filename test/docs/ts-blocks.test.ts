import { beforeAll, describe, expect, it } from 'vitest';
import { scaffold } from '../../tools/create-vendor/scaffold.ts';
import { codeBlocks } from './code-blocks.ts';
import { docPages, textOf } from './doc-pages.ts';
import { typeFaults } from './type-checked.ts';

/** What stands around a block that is a piece of something, and under which name another block imports it. */
type Surroundings = {
  readonly file?: string;
  readonly isVendor?: true;
  readonly before?: string;
  readonly after?: string;
};

const inStack = (imports: string, declared: string): Surroundings => ({
  before: `import { Duration, Stack } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { ${imports} } from 'user-change-feed/infra';
${declared}
export const used = [Duration, NodejsFunction] as const;
export class Consumer extends Stack {
  constructor() {
    super();
`,
  after: '  }\n}\n',
});

const subscription = inStack(
  'UserChangeSubscription',
  'declare const busArn: string;\ndeclare const handler: LambdaFunction;',
);

/** By page and number of the block in it, from 1. A block that is not here is checked just as it stands. */
const surroundings: Readonly<Record<string, Surroundings>> = {
  'README.md 1': subscription,
  'docs/deploying.md 1': subscription,
  'docs/consuming.md 1': { file: 'print-event.ts' },
  'docs/consuming.md 4': inStack('UserChangeConsumerTable, UserChangeSubscription', 'declare const busArn: string;'),
  'docs/consuming.md 6': {
    before: `import type { createUserEventHandler } from 'user-change-feed/consumer';
declare const page: (text: string) => void;
export const settings: Pick<Parameters<typeof createUserEventHandler>[0], 'onGap'> = {
`,
    after: '};\n',
  },
  'docs/consuming.md 7': {
    before: `import type { createUserEventHandler } from 'user-change-feed/consumer';
declare const queueUrl: string;
declare const handler: ReturnType<typeof createUserEventHandler>;
declare const signal: AbortSignal;
`,
  },
  'docs/adding-a-vendor.md 1': { file: 'vendor.ts', isVendor: true },
  'docs/adding-a-vendor.md 2': { file: 'to-user.ts', isVendor: true },
  'docs/events.md 1': {
    before: `declare const record: unknown;
declare const known: Parameters<typeof isNewer>[1];
`,
  },
};

type NamedBlock = { readonly id: string; readonly page: string; readonly file: string; readonly text: string };

const blocks: readonly NamedBlock[] = docPages.flatMap((page) =>
  codeBlocks(page, textOf(page))
    .filter(({ language }) => language === 'ts')
    .map(({ code }, at) => {
      const id = `${page} ${at + 1}`;
      const { file = `block-${at + 1}.ts`, before = '', after = '', isVendor } = surroundings[id] ?? {};
      const folder = page.replace(/\.md$/, '').toLowerCase().replaceAll('/', '-');
      // A file without import or export would share its names with all others.
      return {
        id,
        page,
        file: `${folder}/${file}`,
        text: `${before}${isVendor ? asVendor(code) : code}${after}\nexport {};\n`,
      };
    }),
);

/** A file of a vendor's folder finds what it imports from another one. */
function asVendor(code: string): string {
  return code
    .replaceAll("'../../model/", "'../../../src/model/")
    .replaceAll(/'\.\.\/(http\/|vendor\.ts)/g, "'../../../src/vendors/$1");
}

/** What `npm run create-vendor` writes beside the blocks. */
const scaffolded = Object.fromEntries(
  scaffold('globex', textOf)
    .filter(({ path }) => path.endsWith('globex/wire.ts'))
    .map(({ text }) => ['docs-adding-a-vendor/wire.ts', text]),
);

const planted = { 'planted/wrong.ts': "export const count: number = 'seven';\n" };

describe('a block of TypeScript', () => {
  let faults: readonly string[];

  beforeAll(async () => {
    const files = Object.fromEntries(blocks.map(({ file, text }) => [file, text]));
    faults = await typeFaults({ ...files, ...scaffolded, ...planted });
  });

  it('is looked for where there are some, and is checked: a planted fault is told', () => {
    expect(blocks.length).toBeGreaterThan(9);
    expect(faults.filter((line) => line.includes('planted/wrong.ts'))).toHaveLength(1);
  });

  it.each(blocks)('$id is what the compiler takes', ({ file }) => {
    expect(faults.filter((line) => line.includes(file))).toStrictEqual([]);
  });

  it('is surrounded by nothing where there is no such block', () => {
    expect(Object.keys(surroundings).filter((id) => !blocks.some((block) => block.id === id))).toStrictEqual([]);
    expect(faults.filter((line) => !/(planted|block-|print-event|adding-a-vendor)/.test(line))).toStrictEqual([]);
  });
});
