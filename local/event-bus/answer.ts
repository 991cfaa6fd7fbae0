import type { JsonObject } from '../../src/model/json.ts';

/** What the bus answers to one request. */
export type Answer = { readonly status: number; readonly body: JsonObject };

/** An error of the whole request, as the AWS JSON 1.1 protocol spells it. */
export function refuse(type: string, message: string, status = 400): Answer {
  return { status, body: { __type: type, message } };
}
