import type * as z from 'zod/mini';
import { acceptorOf } from './acceptor.ts';
import { describeIssue } from './describe-issue.ts';
import type { HttpJson, HttpRequest } from './http-client.ts';
import { vendorFault } from './vendor-fault.ts';

/**
 * The body of an answer in the shape that `what` has; it may hold more than the schema names.
 *
 * @throws vendor.bad_response naming the field that does not fit
 */
export function readShape<Shape>(
  answer: HttpJson,
  schema: z.ZodMiniType<Shape>,
  what: string,
  request: HttpRequest,
): Shape {
  if (acceptorOf(schema)(answer.body)) return answer.body as Shape;
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  const message = `answered ${answer.status} with JSON that is not ${what} (${describeIssue(parsed.error)})`;
  throw vendorFault(request, { code: 'vendor.bad_response', message, status: answer.status });
}
