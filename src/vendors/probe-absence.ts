import type { UserId } from '../model/ids.ts';
import type { Vendor, VendorIo, VendorTarget } from './vendor.ts';

export type AbsenceQuestion = {
  readonly userId: UserId;
  /** Somebody whom this sweep has seen: unless he is found, not finding the other says nothing. */
  readonly controlUserId: UserId;
};

/** Whether a vendor can be asked about one user, and not finding him proves that he is gone. */
export function canProveAbsence<Options>({ probeUser, proves }: Vendor<Options>): boolean {
  return probeUser !== undefined && proves.notFound === 'user_gone';
}

/**
 * Whether a user whom a complete list did not show is gone. `unknown` proves nothing: the vendor's 404 may mean
 * something else, or it does not even find who was there a moment ago, because the account is gone or the credential
 * has lost a permission.
 * @throws vendor.*
 */
export async function probeAbsence<Options>(
  vendor: Vendor<Options>,
  target: VendorTarget<Options>,
  { userId, controlUserId }: AbsenceQuestion,
  io: VendorIo,
): Promise<'gone' | 'present' | 'unknown'> {
  if (vendor.probeUser === undefined || !canProveAbsence(vendor)) return 'unknown';
  const presence = await vendor.probeUser({ ...target, userId }, io);
  if (presence !== 'absent') return presence;
  const control = await vendor.probeUser({ ...target, userId: controlUserId }, io);
  return control === 'present' ? 'gone' : 'unknown';
}
