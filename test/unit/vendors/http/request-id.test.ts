import { describe, expect, it } from 'vitest';
import { type FaultPlace, vendorFault } from '../../../../src/vendors/http/vendor-fault.ts';

const place: FaultPlace = { vendor: 'leen', connectionId: 'acme', url: new URL('https://vendor.example'), secrets: [] };

function toldOf(requestId: string): unknown {
  const fault = { code: 'vendor.forbidden', message: 'answered 403', requestId } as const;
  return vendorFault(place, fault).context;
}

describe('the id of a request', () => {
  it.each([
    'r-7',
    'ce6b0764-4293-451c-a6c4-f8288f65eac3',
    'deadbeef-facade01',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    'V1StGXR8_Z5jdHi6B-myT',
  ])('is told: %s', (requestId) => {
    expect(toldOf(requestId)).toMatchObject({ requestId });
  });

  it.each([
    'Kanarienfrau.ce6b0764-4293-451c-a6c4-f8288f65eac3',
    'lovelace1815',
    'ada@example.com-1',
    'Ada Lovelace 1',
    'nobody',
    '',
    `1${'a'.repeat(200)}`,
  ])('is not told where it may be a name or an address: %s', (requestId) => {
    expect(toldOf(requestId)).not.toHaveProperty('requestId');
  });
});
