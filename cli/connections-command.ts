import { Argument, Command } from 'commander';
import { type ConnectionId, connectionId } from '../src/model/ids.ts';
import { applyCommand } from './apply-command.ts';
import { connectionFacts, connectionJson, connectionRow, type StandingConnection } from './connection-facts.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Feed, withFeed } from './feed.ts';
import { byOption, type FeedOptions, jsonOption, stackOption, stateOption, yesOption } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { openFeed } from './open-feed.ts';
import type { Output } from './output.ts';
import { type RemoveOptions, removeConnection } from './remove-connection.ts';
import { renderFacts } from './render-facts.ts';
import { renderTable } from './render-table.ts';
import { testCommand } from './test-command.ts';

/** `ucf connections`: whose users are watched, and where. */
export function connectionsCommand(output: Output): Command {
  return new Command('connections')
    .description('whose users are watched, where, and how that stands')
    .addCommand(listCommand(output))
    .addCommand(showCommand(output))
    .addCommand(applyCommand(output))
    .addCommand(testCommand(output))
    .addCommand(removeCommand(output))
    .addHelpText(
      'after',
      '\nExamples:\n  $ ucf connections list --state .state\n  $ ucf connections apply connections.json --stack user-change-feed\n  $ ucf connections test acme --stack user-change-feed',
    );
}

function listCommand(output: Output): Command {
  return new Command('list')
    .description('list all connections, and how they stand')
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ ucf connections list --state .state')
    .action(async (options: FeedOptions & { json: boolean }) => {
      process.exitCode = await withFeed(openFeed(options), (feed) => listConnections(feed, options, output));
    });
}

function showCommand(output: Output): Command {
  return new Command('show')
    .description('show the settings of a connection and how it stands; of secrets, only where they are kept')
    .addArgument(connectionArgument())
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ ucf connections show acme --state .state')
    .action(async (id: string, options: FeedOptions & { json: boolean }) => {
      process.exitCode = await withFeed(openFeed(options), (feed) => showConnection(feed, id, options, output));
    });
}

function removeCommand(output: Output): Command {
  return new Command('remove')
    .description('stop watching a connection: publishes connection.removed and deletes the settings')
    .addArgument(connectionArgument())
    .addOption(stateOption())
    .addOption(stackOption())
    .addOption(byOption())
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Example:
  $ ucf connections remove acme --state .state

Nobody is reported deleted. What is known of the users stays, so that sequences and revisions go on where the
connection is added again; ucf users purge erases a person.`,
    )
    .action(async (id: string, options: RemoveOptions) => {
      process.exitCode = await removeConnection(id, options, output);
    });
}

function connectionArgument(): Argument {
  return new Argument('<connection>', 'id of a connection');
}

async function listConnections(feed: Feed, { json }: { readonly json: boolean }, output: Output): Promise<ExitCode> {
  const standing: StandingConnection[] = [];
  for (const id of await feed.connections()) standing.push(await readStanding(feed, id));
  if (json) output.result(JSON.stringify({ connections: standing.map(connectionJson) }));
  else if (standing.length === 0) output.note('there are no connections; ucf connections apply FILE adds some');
  else for (const line of renderTable(standing.map(connectionRow))) output.result(line);
  return exitCodes.done;
}

async function showConnection(
  feed: Feed,
  id: string,
  { json }: { readonly json: boolean },
  output: Output,
): Promise<ExitCode> {
  const standing = await readStanding(feed, connectionId(id));
  if (json) output.result(JSON.stringify({ connection: connectionJson(standing) }));
  else for (const line of renderFacts(connectionFacts(standing))) output.result(line);
  return exitCodes.done;
}

async function readStanding(feed: Feed, id: ConnectionId): Promise<StandingConnection> {
  const connection = await findConnection(feed, id);
  const [state, published] = await Promise.all([feed.store.readState(id), feed.store.readPublished(id)]);
  return { connection, state, published };
}
