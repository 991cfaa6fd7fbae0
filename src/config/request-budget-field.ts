import * as z from 'zod/mini';
import { durationField } from './duration-field.ts';

/** Beyond this it limits nothing; a list of a million users takes no more pages. */
const maxRequests = 100_000;

/** `requestBudget`, read as `Connection` has it. */
export const requestBudgetField = z.pipe(
  z.strictObject({
    requests: z
      .int()
      .check(
        z.gte(1),
        z.lte(maxRequests),
        z.describe('The most requests to the vendor in any stretch of this length, by this connection in one process.'),
      ),
    per: durationField({ minSeconds: 1, maxSeconds: 3600 }).check(z.describe('The length of the stretch: 1s to 1h.')),
  }),
  z.transform(({ requests, per }: { requests: number; per: number }) => ({ requests, perMs: per * 1000 })),
);
