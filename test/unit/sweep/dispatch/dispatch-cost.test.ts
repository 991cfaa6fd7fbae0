import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionId } from '../../../../src/model/ids.ts';
import { instant } from '../../../../src/model/instant.ts';
import { settingsKey } from '../../../../src/store/keys.ts';
import { stateItem } from '../../../../src/store/state-store.ts';
import { dispatchUnderTest, minuteMs, noonMs } from '../../../support/dispatch-under-test.ts';
import { startTestTable, type TestTable } from '../../../support/test-table.ts';
import { aConnection, aState } from '../../store/sample-log.ts';

/** The same requests are made for ten thousand; making that many would take its time. */
const connections = 4_000;

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
  const items = Array.from({ length: connections }, (_, number) => {
    const id = connectionId(`connection-of-a-usual-length-${number}`);
    const times = { dueAt: instant(noonMs + 5 * minuteMs), watchAt: instant(noonMs + 30 * minuteMs + number) };
    const lastComplete = { startedAt: instant(noonMs - 600_000), sweepId: 's', directory: 'd', scope: '{}' } as never;
    const state = stateItem(id, { leaseToken: 1 }, aState({ ...times, lastComplete }));
    // Nobody asks for the settings of the others: making them would take its time.
    return number > 200 ? [state] : [{ ...settingsKey(id), connection: aConnection(id) }, state];
  });
  await table.raw.putMany(items.flat());
}, 120_000);
afterAll(() => table.close());

describe('a dispatch of thousands of connections of which none is due', () => {
  it('costs less than ten read units and no write unit', async () => {
    const { dispatch, wire } = dispatchUnderTest(table);

    const report = await dispatch();

    expect(report).toStrictEqual({ due: 0, sent: 0, failing: 0, stale: 0, oldestCompleteSeconds: 600 });
    expect(wire.units.read).toBeLessThan(10);
    expect(wire.units.write).toBe(0);
    expect(wire.calls.map(({ operation }) => operation).sort()).toStrictEqual([
      'BatchGetItem',
      'Query',
      'Query',
      'Query',
    ]);
    expect(wire.calls.filter(({ operation }) => operation === 'Scan')).toStrictEqual([]);
  });
});
