import * as z from 'zod/mini';
import { type Answer, refuse } from './answer.ts';
import { account, region } from './bus-event.ts';
import { busNameOf } from './sent-entry.ts';

const describeEventBusBody = z.object({ Name: z.optional(z.string()) });

/** Says whether a bus exists; the default one where the request names none. */
export function describeEventBus(body: unknown, busNames: ReadonlySet<string>): Answer {
  const parsed = describeEventBusBody.safeParse(body);
  if (!parsed.success) return refuse('SerializationException', 'The request is not a DescribeEventBus request.');
  const name = busNameOf(parsed.data.Name);
  if (!busNames.has(name)) return refuse('ResourceNotFoundException', `Event bus ${name} does not exist.`);
  return { status: 200, body: { Name: name, Arn: `arn:aws:events:${region}:${account}:event-bus/${name}` } };
}
