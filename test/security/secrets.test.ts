import type { Command } from 'commander';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createProgram } from '../../cli/program.ts';
import { createFeedLog } from '../../functions/feed-log.ts';
import { connectionId } from '../../src/model/ids.ts';
import { codeOf, readSourceFiles } from '../architecture/source-file.ts';
import { startDeployedFeed } from '../support/deployed-feed.ts';
import { capturePrinted } from '../support/printed-lines.ts';
import { placesOf } from '../support/stored-text.ts';
import { aConnection } from '../unit/store/sample-log.ts';

beforeEach(() => {
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'UserChangeFeed');
});

const secret = 'zq4711-s3cret/+=&"';
/** As it may come back, or be left behind: whichever part survives every spelling. */
const trace = 'zq4711';
const inBase64 = Buffer.from(`apikey:${secret}`).toString('base64');
const id = connectionId('acme');

describe('a credential', () => {
  it('stands in no item of the table, no event, no message of the queue and no log line, whatever the vendor makes of it', async () => {
    const printed = capturePrinted();
    const seen: string[] = [];
    const answers = [
      [200, 'list'],
      [401, 'echo'],
      [400, 'echo'],
      [500, 'echo'],
      [200, 'echo'],
      [200, 'list'],
    ] as const;
    const feed = await startDeployedFeed({
      answerVendor(response, authorization) {
        seen.push(authorization);
        const [status, what] =
          answers[Math.min(Math.floor((feed.clock.nowMs - startedMs) / 36_000_000), 5)] ?? answers[0];
        const said = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString();
        const list = {
          _type: 'Collection',
          total: 1,
          count: 1,
          pageSize: 200,
          offset: 1,
          _embedded: { elements: [{ _type: 'User', id: 1, login: 'u' }] },
        };
        const headers = { 'content-type': 'application/json', 'x-request-id': said.replaceAll(/[^\w/+=&-]/g, '') };
        response
          .writeHead(status, headers)
          .end(
            JSON.stringify(
              what === 'list'
                ? list
                : { _type: said, message: `${said} ${authorization}`, errorIdentifier: authorization },
            ),
          );
      },
      answerAws: () => ({ body: { Parameter: { Value: secret } } }),
    });
    onTestFinished(feed.close);
    const startedMs = feed.clock.nowMs;
    await feed.store.saveConnection(
      aConnection(id, { baseUrl: feed.vendorUrl, baseline: 'emit', credentials: { apiKey: { ssm: '/ucf/acme' } } }),
      () => 'key',
      feed.clock.nowMs,
    );
    const messages: string[] = [];
    for (let round = 0; round < 7; round += 1) {
      await feed.dispatch();
      for (const body of feed.messages.splice(0)) {
        messages.push(body);
        await feed.sweep(body);
      }
      await feed.stream.deliver(id);
      feed.clock.nowMs += 36_000_000;
    }
    const [reportOfRefusal] = await placesOf(
      { endpoint: await endpointOf(feed), tableName: feed.tableName } as never,
      id,
      'answered 401',
    );

    expect(seen.length).toBeGreaterThan(5);
    expect(seen.every((authorization) => authorization === `Basic ${inBase64}`)).toBe(true);
    expect(reportOfRefusal).toBe('sweep');
    const table = { endpoint: await endpointOf(feed), tableName: feed.tableName } as never;
    for (const text of [trace, inBase64.slice(0, -4)]) {
      expect(await placesOf(table, id, text)).toStrictEqual([]);
      expect(JSON.stringify([feed.taken, messages, feed.calls])).not.toContain(text);
      expect(printed.text()).not.toContain(text);
    }
  });

  it('is asked for by no option or argument of ucf: everybody on a machine sees command lines', () => {
    const all = commandsOf(createProgram({ result: () => undefined, note: () => undefined }));
    const words = all.flatMap((command) => [
      ...command.options.map(({ flags }) => flags),
      ...command.registeredArguments.map((argument) => argument.name()),
    ]);

    expect(words.length).toBeGreaterThan(50);
    expect(words.filter((word) => /secret|token|password|credential|\bkey\b|api-?key/i.test(word))).toStrictEqual([]);
  });

  it('is handed to no other program: the only one that is started is a browser, with the name of a file', () => {
    const starting = readSourceFiles('src', 'functions', 'local', 'cli', 'console/server').filter((file) =>
      /node:child_process|node:cluster|node:worker_threads/.test(codeOf(file)),
    );

    expect(starting.map(({ path }) => path)).toStrictEqual(['console/server/open-in-browser.ts']);
    expect(codeOf(starting[0] as never)).toContain('spawn(command, [...words, pathToFileURL(file).href]');
  });
});

describe(createFeedLog, () => {
  it('writes one line a record, whatever it is told', () => {
    const printed = capturePrinted();
    const forged = 'x\n{"level":"ERROR","message":"forged"}\r\u2028';

    createFeedLog('DEBUG').info('sweep over', { connectionId: forged, [forged]: forged });
    createFeedLog('DEBUG').fault('tick failed', new Error(forged), { connectionId: forged });

    expect(printed.logs().map(({ message }) => message)).toStrictEqual(['sweep over', 'tick failed']);
    expect(printed.text()).not.toContain('\r');
  });
});

function commandsOf(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(commandsOf)];
}

async function endpointOf({ clients }: Awaited<ReturnType<typeof startDeployedFeed>>): Promise<string> {
  const { protocol, hostname, port } = (await clients.table.config.endpoint?.()) ?? {
    protocol: '',
    hostname: '',
    port: 0,
  };
  return `${protocol}//${hostname}:${port}`;
}
