/** One call that an operator needs to be allowed to make, and a way to find out that does nothing. */
export type PermissionTry = {
  /** As a policy names it: `dynamodb:GetItem`. */
  readonly action: string;
  readonly resource: string;
  readonly neededFor: string;
  /** Without it, nothing of the feed can be looked at. */
  readonly isNeededToLook?: boolean;
  /** Errors that only somebody gets who is allowed, by name. */
  readonly harmless?: readonly string[];
  readonly ask: () => Promise<unknown>;
};

export type Tried = PermissionTry & {
  readonly outcome: 'allowed' | 'denied' | 'unanswered';
  /** The name of the error; what AWS says beside it names the caller. */
  readonly error?: string;
};

/** Makes a call, and says whether it is allowed. */
export async function tryPermission(asked: PermissionTry): Promise<Tried> {
  try {
    await asked.ask();
    return { ...asked, outcome: 'allowed' };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown.name : 'unknown error';
    if (asked.harmless?.includes(error)) return { ...asked, outcome: 'allowed' };
    return {
      ...asked,
      outcome: /AccessDenied|NotAuthorized|Unauthorized/.test(error) ? 'denied' : 'unanswered',
      error,
    };
  }
}
