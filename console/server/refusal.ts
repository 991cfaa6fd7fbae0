const mark = Symbol('refusal');

/** A request that is answered by a status and a sentence. */
export type Refusal = Error & { readonly status: number };

/** What to throw where a request cannot be served; the sentence is shown to whoever asked. */
export function refusal(status: number, message: string, options?: ErrorOptions): Refusal {
  return Object.assign(new Error(message, options), { status, [mark]: true });
}

export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && mark in error;
}
