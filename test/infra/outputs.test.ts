import { describe, expect, it } from 'vitest';
import { neededOutputs } from '../../cli/read-stack.ts';
import { emulatedAccount } from '../../infra/settings.ts';
import { synthesise } from './synthesised.ts';

describe('the outputs of the stack', () => {
  it('tell ucf all that it needs, and nothing of loopback', () => {
    const names = Object.keys(synthesise().template.findOutputs('*'));

    expect(names).toStrictEqual(expect.arrayContaining(Object.values(neededOutputs)));
    expect(names).not.toContain('LoopbackVendors');
  });

  it('tell that vendors may be reached on loopback only where that is so', () => {
    const env = { account: emulatedAccount, region: 'us-east-1' };
    const { template } = synthesise({ allowLoopbackVendors: true, env });

    expect(template.findOutputs('LoopbackVendors')).toMatchObject({ LoopbackVendors: { Value: 'true' } });
  });

  it('tell which tenant has a bus of its own, where one has', () => {
    const { template } = synthesise({ tenantBuses: { acme: ['222222222222'] } });
    const [{ Value } = { Value: '' }] = Object.values(template.findOutputs('TenantBuses'));

    expect(JSON.parse(Value)).toStrictEqual({ acme: expect.stringMatching(/-acme$/) });
    expect(synthesise().template.findOutputs('TenantBuses')).toStrictEqual({});
  });
});
