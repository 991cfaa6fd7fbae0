import type * as z from 'zod/mini';

/** The first fault of something that does not parse: where it is, and what kind it is. */
export function nameFault({ issues: [fault] }: z.core.$ZodError): string {
  if (!fault) return 'no fault';
  const keys = fault.code === 'unrecognized_keys' ? ` ${fault.keys.join(' ')}` : '';
  return `${fault.path.join('.')} ${fault.code}${keys}`.trim();
}
