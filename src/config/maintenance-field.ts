import * as z from 'zod/mini';
import { weekdays } from '../model/connection.ts';
import { says, showValue } from './wording.ts';

const timeOfDay = z
  .string(says('a time of day like 02:00'))
  .check(z.regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, says('a time of day like 02:00')));

const timezone = z
  .string(says('a time zone like Europe/Berlin'))
  .check(
    z.refine(isTimezone, says('a time zone like Europe/Berlin')),
    z.describe('The zone of both times; UTC when left out.'),
  );

const windowField = z
  .strictObject({
    days: z.optional(
      z
        .array(z.enum(weekdays))
        .check(z.minLength(1), z.describe('The days the window begins on; every day when left out.')),
    ),
    from: timeOfDay.check(z.describe('When it begins.')),
    to: timeOfDay.check(z.describe('When it ends; on the next day where that is not later than from.')),
    timezone: z.optional(timezone),
  })
  .check(
    z.refine(({ from, to }) => from !== to, {
      error: ({ input }) =>
        `expected two times that differ, found ${showValue((input as { readonly from: string }).from)} twice: to stop it altogether write "paused": true`,
    }),
  );

/** When a connection is not to be swept. */
export const maintenanceField = z.optional(
  z
    .array(windowField)
    .check(
      z.minLength(1),
      z.maxLength(20),
      z.describe('Windows in which no sweep begins, e.g. while the vendor is down every night.'),
    ),
);

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
