import { describe, expect, it } from 'vitest';
import { codeBlocks } from './code-blocks.ts';
import { commandFaults } from './command-faults.ts';
import { docPages, textOf } from './doc-pages.ts';
import { shellCommands } from './shell-commands.ts';
import { examplesOf, ucfFault } from './ucf-grammar.ts';

/** What is asked of the reader's own folder, which no file of this project can show. */
const ownFolder: Readonly<Record<string, string>> = {
  'docs/consuming.md: node local.ts': 'the file that the block before it shows; it is type-checked there',
};

function commandsOf(page: string) {
  const blocks = codeBlocks(page, textOf(page)).filter(({ language }) => language === 'sh');
  return blocks.flatMap(({ code }) => shellCommands(code));
}

const pages = docPages.filter((page) => commandsOf(page).length > 0);

describe('a command of the documentation', () => {
  it('is looked for where there are some', () => {
    expect(commandsOf('README.md').length).toBeGreaterThan(15);
    expect(commandsOf('docs/operating.md').length).toBeGreaterThan(40);
    expect(commandsOf('docs/deploying.md').length).toBeGreaterThan(5);
  });

  it.each(pages)('in %s is one that its program takes', (page) => {
    const faults = commandsOf(page)
      .filter(({ words }) => !(`${page}: ${words.join(' ')}` in ownFolder))
      .flatMap(({ words }) => commandFaults(words));

    expect(faults).toStrictEqual([]);
  });

  it.each([
    ['ucf sweeps acme --stack feed', /unknown command|sweeps acme/],
    ['ucf tial --stack feed', /unknown command/],
    ['ucf tail acme --stack feed', /too many arguments/],
    ['ucf holds approve acme HOLD --stack feed', /too many arguments/],
    ['ucf holds approve --stack feed', /missing required argument/],
    ['ucf sweep acme --stak feed', /unknown option/],
    ['ucf sweep acme', /--state or --stack/],
    ['npm start -- --onse', /unknown option/],
    ['npm run chek', /no such script/],
    ['npm run bench -- --quik', /quik/],
    ['npm run lint -- --fix', /nobody checks/],
    ['npx cdk deploi', /no such command/],
    ['npx cdk deploy -c alarmMail=ops@example.com', /alarmMail: there is no such setting/],
    ['npx cdk deploy -c archiveDays=-1', /archiveDays/],
    ["npx cdk deploy -a 'node examples/print-events/stack.ts' -c bus=a", /reads no bus/],
    ['npx node examples/no-such.ts', /no such file/],
    ['npx vitest run test/no-such', /no such file/],
    ['aws ssm put-parametre --name a', /no such command/],
    ['aws ssm put-parameter --name a', /needs --value/],
    ['aws sqs purge-queue --queue "$URL"', /no --queue/],
    ['aws dynamodb wait table-made --table-name a', /no such command/],
    ['aws logs tail /aws/lambda/a --filter x', /no --filter/],
    ['curl http://127.0.0.1', /nobody checks/],
    ['true && rm -r .state', /nobody checks/],
  ])('such as "%s" is told from one that is taken', (line, fault) => {
    expect(
      shellCommands(line)
        .flatMap(({ words }) => commandFaults(words))
        .join('\n'),
    ).toMatch(fault);
  });
});

describe(shellCommands, () => {
  it('reads quotes, comments, pipes, variables and lists as a shell does', () => {
    const words = shellCommands(
      `KEY=a npm start -- --queue leavers='{"a":["b c"]}'   # a comment\ntail -F "$A b" | npx node x > 'c d'\na \\\n  b && c`,
    ).map((command) => command.words);

    expect(words).toStrictEqual([
      ['npm', 'start', '--', '--queue', 'leavers={"a":["b c"]}'],
      ['tail', '-F', '$A b'],
      ['npx', 'node', 'x'],
      ['a', 'b'],
      ['c'],
    ]);
  });
});

describe('an example in the help of ucf', () => {
  const examples = examplesOf();

  it('is one that ucf takes', () => {
    const faults = examples
      .flatMap((line) => shellCommands(line))
      .flatMap(({ words }) => (words[0] === 'ucf' ? (ucfFault(words.slice(1)) ?? []) : commandFaults(words)));

    expect(examples.length).toBeGreaterThan(20);
    expect(faults).toStrictEqual([]);
  });
});
