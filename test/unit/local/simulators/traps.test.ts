import { describe, expect, it } from 'vitest';
import { createTraps, type Spot } from '../../../../local/simulators/traps.ts';

const page = (number: number): Spot => ({ on: 'list', page: number });
const user: Spot = { on: 'user', page: null };

describe('createTraps', () => {
  it('fires nothing that is not armed', () => {
    const traps = createTraps(['error', 'slow']);

    expect(traps.fire('error', page(1))).toBeNull();
    expect(traps.fired.error).toBe(0);
  });

  it('fires every time without a limit, and counts', () => {
    const traps = createTraps(['error']);
    traps.arm('error');

    for (let time = 0; time < 5; time += 1) expect(traps.fire('error', page(1))?.status).toBe(500);

    expect(traps.fired.error).toBe(5);
  });

  it('stops after so many firings and says what remains', () => {
    const traps = createTraps(['error']);
    traps.arm('error', { status: 503, times: 2 });

    const firings = [1, 2, 3].map((number) => traps.fire('error', page(number))?.status);

    expect(firings).toStrictEqual([503, 503, undefined]);
    expect(traps.fired.error).toBe(2);
    expect(traps.armed()).toStrictEqual({});
  });

  it('fires on its page alone, without using up its firings on others', () => {
    const traps = createTraps(['error']);
    traps.arm('error', { page: 2, times: 1 });

    const firings = [page(1), user, page(2), page(2)].map((spot) => traps.fire('error', spot) !== null);

    expect(firings).toStrictEqual([false, false, true, false]);
  });

  it('fires on its kind of request alone, which is the list by default', () => {
    const traps = createTraps(['error', 'hang', 'slow']);
    traps.arm('error');
    traps.arm('hang', { on: 'user' });
    traps.arm('slow', { on: 'any' });

    const names = ['error', 'hang', 'slow'] as const;
    const firings = [page(1), user].map((spot) => names.filter((name) => traps.fire(name, spot)));

    expect(firings).toStrictEqual([
      ['error', 'slow'],
      ['hang', 'slow'],
    ]);
  });

  it('disarms one, and clears everything with its counts', () => {
    const traps = createTraps(['error', 'slow']);
    traps.arm('error');
    traps.arm('slow');
    traps.fire('error', page(1));

    traps.disarm('slow');
    const left = Object.keys(traps.armed());
    traps.clear();

    expect(left).toStrictEqual(['error']);
    expect(traps.armed()).toStrictEqual({});
    expect(traps.fired.error).toBe(0);
  });

  it('refuses a trap that the vendor does not have, and settings that it does not know', () => {
    const traps = createTraps(['error']);

    expect(() => traps.arm('slow')).toThrow('no trap is called slow here, but: error');
    expect(() => traps.arm('error', { status: 200 })).toThrow('trap error cannot be set like that: status');
    expect(() => traps.arm('error', { times: 0 })).toThrow('times');
    expect(() => traps.arm('error', { colour: 'red' } as object)).toThrow('colour');
  });
});
