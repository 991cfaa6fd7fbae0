import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { consultVendor } from '../../../src/config/consult-vendor.ts';
import type { Vendor } from '../../../src/vendors/vendor.ts';
import { service } from './fake-vendors.ts';

const askBaseUrl = (vendor: Vendor, options: unknown) =>
  consultVendor(vendor, options, (read) => vendor.defaultBaseUrl(read));

describe('consultVendor', () => {
  it('answers from options without a fault', () => {
    expect(askBaseUrl(service, { accountId: 'a', region: 'eu' })).toStrictEqual({
      answer: 'https://eu.service.example/v1',
    });
    expect(askBaseUrl(service, { accountId: 'a' })).toStrictEqual({ answer: 'https://us.service.example/v1' });
  });

  it.each([{}, undefined, { accountId: 7, region: 'eu' }, { acountId: 'a', region: 'eu' }])(
    'answers from what is sound where other options have faults: %j',
    (options) => {
      expect(askBaseUrl(service, options)).toStrictEqual({
        answer: `https://${options?.region ?? 'us'}.service.example/v1`,
      });
    },
  );

  it.each(['nonsense', 7, null, []])('takes %j for no options, or has no answer', (options) => {
    const answer = askBaseUrl(service, options);

    expect([undefined, { answer: 'https://us.service.example/v1' }]).toContainEqual(answer);
  });

  it('has no answer where the vendor stumbles over a missing option', () => {
    const demanding: Vendor<{ region: string }> = {
      ...(service as Vendor<never>),
      options: z.strictObject({ region: z.string() }),
      defaultBaseUrl: ({ region }) => region.toUpperCase(),
    };

    expect(askBaseUrl(demanding, {})).toBeUndefined();
    expect(askBaseUrl(demanding, { region: 'eu' })).toStrictEqual({ answer: 'EU' });
  });

  it('has no answer for faulty options of a schema that is no plain object', () => {
    const opaque: Vendor = {
      ...(service as Vendor),
      options: z.pipe(
        z.strictObject({ region: z.string() }),
        z.transform((read) => read),
      ),
    };

    expect(askBaseUrl(opaque, {})).toBeUndefined();
  });
});
