import { describe, expect, it } from 'vitest';
import { connectionId, userId } from '../../../src/model/ids.ts';
import { probeAbsence } from '../../../src/vendors/probe-absence.ts';
import { vendors } from '../../../src/vendors/registry.ts';
import type { Presence, Vendor, VendorIo } from '../../../src/vendors/vendor.ts';
import { hosted } from '../config/fake-vendors.ts';

const target = { connectionId: connectionId('acme'), baseUrl: 'https://acme.example', credentials: {}, options: {} };
const question = { userId: userId('gone'), controlUserId: userId('seen') };
const io = {} as VendorIo;

/** A vendor that answers so for each of the two. */
function vendorWith(answers: { readonly gone: Presence; readonly seen: Presence }, notFound: 'user_gone' | 'nothing') {
  const asked: string[] = [];
  const vendor: Vendor = {
    ...(hosted as Vendor),
    proves: { ...hosted.proves, notFound },
    async probeUser({ userId: id }) {
      asked.push(id);
      return id === 'gone' ? answers.gone : answers.seen;
    },
  };
  return { vendor, asked };
}
const answerTo = (gone: Presence, seen: Presence, notFound: 'user_gone' | 'nothing' = 'user_gone') =>
  probeAbsence(vendorWith({ gone, seen }, notFound).vendor, target, question, io);

describe(probeAbsence, () => {
  it('takes a user for gone whom the vendor does not find, while it finds another', async () => {
    expect(await answerTo('absent', 'present')).toBe('gone');
  });

  it.each(['absent', 'unknown'] as const)('proves nothing while the other one is %s', async (seen) => {
    expect(await answerTo('absent', seen)).toBe('unknown');
  });

  it.each(['present', 'unknown'] as const)('passes on that a user is %s, without asking for another', async (gone) => {
    const { vendor, asked } = vendorWith({ gone, seen: 'present' }, 'user_gone');

    expect(await probeAbsence(vendor, target, question, io)).toBe(gone);
    expect(asked).toStrictEqual(['gone']);
  });

  it('does not ask where not being found proves nothing', async () => {
    const { vendor, asked } = vendorWith({ gone: 'absent', seen: 'present' }, 'nothing');

    expect(await probeAbsence(vendor, target, question, io)).toBe('unknown');
    expect(asked).toStrictEqual([]);
  });

  it('learns nothing where no user can be asked for', async () => {
    const vendor: Vendor = { ...(hosted as Vendor), proves: { ...hosted.proves, notFound: 'user_gone' } };

    expect(await probeAbsence(vendor, target, question, io)).toBe('unknown');
  });

  it('cannot be fooled by a user who is his own control', async () => {
    const { vendor } = vendorWith({ gone: 'absent', seen: 'present' }, 'user_gone');

    expect(await probeAbsence(vendor, target, { ...question, controlUserId: question.userId }, io)).toBe('unknown');
  });

  it.each(vendors.filter(({ proves }) => proves.notFound === 'user_gone').map(({ id, probeUser }) => [id, probeUser]))(
    'can ask %s, whose 404 is said to mean gone',
    (_id, probeUser) => {
      expect(probeUser).toBeTypeOf('function');
    },
  );
});
