/** A fault below HTTP: a name that does not resolve, a refused or broken connection, a certificate. */
export type NetworkFault = {
  /** The system's or undici's own code, e.g. `ECONNREFUSED`. */
  readonly reason: string;
  /** False where the same will happen again: a certificate does not get better in a second. */
  readonly isWorthRetry: boolean;
};

const certificateCode = /^(ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** Reads what undici threw instead of an answer. */
export function readNetworkFault(thrown: unknown): NetworkFault {
  const code = findCode(thrown);
  return {
    reason: code ?? 'the connection failed',
    isWorthRetry: code === undefined || !(certificateCode.test(code) || code === 'UND_ERR_INVALID_ARG'),
  };
}

/** The innermost code: undici wraps the system's error, and a failed try of several addresses wraps several. */
function findCode(thrown: unknown, depth = 0): string | undefined {
  if (!(thrown instanceof Error) || depth > 5) return undefined;
  const inner = thrown instanceof AggregateError ? thrown.errors[0] : thrown.cause;
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  return findCode(inner, depth + 1) ?? code;
}
