import { describe, expect, it, onTestFinished } from 'vitest';
import { connectionId } from '../../../src/model/ids.ts';
import type { SweepReport } from '../../../src/sweep/sweep-report.ts';
import { type DeployedOptions, startDeployedFeed } from '../../support/deployed-feed.ts';
import { capturePrinted } from '../../support/printed-lines.ts';
import { aConnection, all } from '../store/sample-log.ts';

const id = connectionId('acme');
const reference = { ssm: '/ucf/acme' };

/** The report of the one sweep of a deployed connection, and what was asked of its vendor. */
async function sweepOnce(options: Partial<DeployedOptions>, credentials: Parameters<typeof aConnection>[1] = {}) {
  capturePrinted();
  const authorizations: string[] = [];
  const feed = await startDeployedFeed({
    answerVendor: (response, authorization) => {
      authorizations.push(authorization);
      response.writeHead(401).end();
    },
    ...options,
  });
  onTestFinished(feed.close);
  const settings = {
    baseUrl: feed.vendorUrl,
    credentials: { apiKey: reference },
    options: { pageSize: 200 },
    ...credentials,
  };
  await feed.store.saveConnection(aConnection(id, settings), () => 'key', feed.clock.nowMs);
  await feed.dispatch();
  const [message] = feed.messages;
  const answer = await feed.sweep(message ?? '');
  const [report] = await all<SweepReport>(feed.store.listReports(id));
  return { answer, report, authorizations, feed };
}

describe('a deployed connection', () => {
  it.each<[string, Partial<DeployedOptions>, Parameters<typeof aConnection>[1], RegExp]>([
    ['whose secret is missing', {}, {}, /parameter \/ucf\/acme does not exist/],
    [
      'whose secret is not below the prefix',
      {},
      { credentials: { apiKey: { ssm: '/acme' } } },
      /lies outside of \/ucf\//,
    ],
    [
      'whose secret has another shape',
      { answerAws: () => ({ body: { SecretString: '{"other":"x"}' } }) },
      { credentials: { apiKey: { secretsManager: 'ucf/acme', field: 'key' } } },
      /is no JSON object with a field "key"/,
    ],
    ['whose secret is on a machine', {}, { credentials: { apiKey: { env: 'KEY' } } }, /cannot be read in this runtime/],
    [
      'whose vendor is reached in the clear',
      { environment: { ALLOW_LOOPBACK_VENDORS: 'false' }, answerAws: () => ({ body: { Parameter: { Value: 'k' } } }) },
      {},
      /plain http is refused here/,
    ],
  ])('fails with the reason, and nothing is asked of its vendor: %s', async (_, options, settings, reason) => {
    const { answer, report, authorizations } = await sweepOnce(options, settings);

    expect(answer.batchItemFailures).toStrictEqual([]);
    expect([report?.outcome, authorizations]).toStrictEqual(['failed', []]);
    expect(report?.failure?.message).toMatch(reason);
  });

  it('reads a secret that the vendor refuses once more, and asks with the one that came', async () => {
    let reads = 0;
    const { report, authorizations, feed } = await sweepOnce({
      answerAws: () => {
        reads += 1;
        return { body: { Parameter: { Value: `key-${reads}` } } };
      },
    });
    const { failures, lastComplete } = (await feed.store.readState(id)) ?? {};

    const keys = authorizations.map((header) => Buffer.from(header.slice(6), 'base64').toString());
    expect([...new Set(keys)]).toStrictEqual(['apikey:key-1', 'apikey:key-2']);
    expect([report?.failure?.code, failures, lastComplete]).toStrictEqual(['vendor.unauthorized', 1, undefined]);
  });
});
