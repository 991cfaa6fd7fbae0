import { describe, expect, it } from 'vitest';
import { planConnections } from '../../../cli/plan-connections.ts';
import type { Connection } from '../../../src/model/connection.ts';
import { connectionId } from '../../../src/model/ids.ts';
import { aConnection } from '../store/sample-log.ts';

const acme = aConnection(connectionId('acme'));
const other = aConnection(connectionId('other'));

function keysOf(change: Partial<Connection>): readonly string[] | undefined {
  return planConnections([{ ...acme, ...change }], [acme]).changed[0]?.keys;
}

describe(planConnections, () => {
  it('tells new, unchanged and extra connections apart', () => {
    const third = aConnection(connectionId('third'));

    expect(planConnections([acme, third], [other, acme])).toStrictEqual({
      added: [third],
      changed: [],
      unchanged: ['acme'],
      extra: ['other'],
    });
  });

  it('finds no difference in the order of keys, or in settings that are left out in another way', () => {
    const options = { b: [1], a: 'x' };
    const requestBudget = { requests: 10, perMs: 60_000 };
    const saved = { ...acme, requestBudget: { ...requestBudget }, options: { a: 'x', b: [1], c: undefined } };

    expect(planConnections([{ ...acme, requestBudget, options }], [saved]).unchanged).toStrictEqual(['acme']);
  });

  it('names what has changed as a connection file does', () => {
    expect(keysOf({ everySeconds: 1, deltaEverySeconds: 60 })).toStrictEqual(['deltaEvery', 'every']);
    expect(keysOf({ ignoredFields: ['title'], emitSweepCompleted: true })).toStrictEqual([
      'events.sweepCompleted',
      'fields.ignore',
    ]);
    expect(keysOf({ protection: { redact: ['title'], hash: ['userName'] } })).toStrictEqual([
      'fields.hash',
      'fields.redact',
    ]);
    expect(keysOf({ options: { pageSize: 7 }, deletion: { ...acme.deletion, maxProbes: 3 } })).toStrictEqual([
      'deletion.maxProbes',
      'options.pageSize',
    ]);
    expect(keysOf({ paused: true })).toStrictEqual(['paused']);
  });

  it('finds a credential that is kept elsewhere, and shows neither place', () => {
    const keys = keysOf({ credentials: { apiKey: { ssm: '/ucf/a-name-that-could-be-a-pasted-key' } } });

    expect(keys).toStrictEqual(['credentials.apiKey']);
  });
});
