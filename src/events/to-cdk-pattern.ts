import type { EventPattern } from './user-event-pattern.ts';

/** A pattern in the spelling of CDK's `Rule`. */
export function toCdkPattern({ source, 'detail-type': detailType, detail }: EventPattern) {
  return { source, detailType, ...(detail && { detail }) };
}
