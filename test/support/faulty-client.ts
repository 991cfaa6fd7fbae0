import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** The end of a process, as far as its calls are concerned: nothing goes out any more, nothing comes back. */
export class Killed extends Error {}

export type CallHooks = {
  /** Calls made so far. */
  calls: number;
  /** Before the call goes out; a rejection means it never does. */
  before?: (call: number, operation: string) => Promise<void> | void;
  /** After the server has carried it out; a rejection loses the answer. */
  after?: (call: number, operation: string) => Promise<void> | void;
  /** Whether the client gives up on a call that is still on its way. */
  detach?: (call: number) => boolean;
  /** Lets the call that was given up arrive at the server. */
  arrive?: () => Promise<void>;
};

/** Hooks into every call of a client, around the wire. */
export function hookCalls(client: DynamoDBClient): CallHooks {
  const hooks: CallHooks = { calls: 0 };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      hooks.calls += 1;
      const call = hooks.calls;
      const operation = String((context as { commandName?: string }).commandName);
      await hooks.before?.(call, operation);
      if (hooks.detach?.(call)) {
        hooks.arrive = async () => {
          await next(args).catch(() => undefined);
        };
        throw new Error(`no answer to call ${call} in time`);
      }
      const answer = await next(args);
      await hooks.after?.(call, operation);
      return answer;
    },
    { step: 'initialize', name: 'hookCalls', priority: 'high' },
  );
  return hooks;
}

/** Kills the process at a call: before it goes out, or after it is carried out. */
export function killAt(hooks: CallHooks, call: number, when: 'before' | 'after'): void {
  let isDead = false;
  const check = (at: number, moment: 'before' | 'after') => {
    if (at >= call && moment === when) isDead = true;
    if (isDead) throw new Killed(`killed ${when} call ${call}`);
  };
  hooks.before = (at) => check(at, 'before');
  hooks.after = (at) => check(at, 'after');
}
