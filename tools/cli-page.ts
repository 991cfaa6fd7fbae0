import type { Command } from 'commander';
import { createProgram } from '../cli/program.ts';

const columns = 100;
const silent = { result: () => undefined, note: () => undefined };

/** `docs/cli.md`: every command of `ucf`, in the words of its own help. */
export function cliPage(): string {
  const program = createProgram(silent);
  const commands = leavesOf(program);
  return `# The commands of \`ucf\`

Generated from the help of the program by \`npm run docs\`. In a checkout \`npm run ucf --\` stands for \`ucf\`; where the
package is installed, \`npx ucf\`. Every command but \`dev\` is given a deployed stack with \`--stack\` (or \`UCF_STACK\` in
the environment) or a state folder with \`--state\`, where it needs a feed.

| command | |
|---|---|
${commands.map((command) => `| [${pathOf(command)}](#${anchorOf(command)}) | ${command.description()} |`).join('\n')}

Results go to stdout and everything else to stderr. \`--json\` prints one document, or JSON lines where there is no end to
wait for. Exit codes: 0 done, 1 something failed or is held, 2 wrong usage or configuration. Colours are for terminals;
\`NO_COLOR\` and \`FORCE_COLOR\` have the last word.

${commands.map(section).join('\n\n')}
`;
}

function leavesOf(command: Command): readonly Command[] {
  const own = command.commands.filter((one) => one.name() !== 'help');
  return own.length === 0 ? [command] : own.flatMap(leavesOf);
}

function section(command: Command): string {
  return `## ${pathOf(command)}\n\n\`\`\`text\n${helpOf(command).trimEnd()}\n\`\`\``;
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function anchorOf(command: Command): string {
  return pathOf(command).replaceAll(' ', '-');
}

function helpOf(command: Command): string {
  let help = '';
  command
    .configureOutput({
      writeOut(text) {
        help += text;
      },
      getOutHelpWidth: () => columns,
      getOutHasColors: () => false,
    })
    .outputHelp();
  // A description may have the characters of a table or of an end of line that nobody sees.
  return help.replaceAll(/[ \t]+$/gm, '');
}
