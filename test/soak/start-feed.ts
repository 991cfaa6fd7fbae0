import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromFeed, ToFeed } from './feed-messages.ts';

const program = fileURLToPath(new URL('feed-program.ts', import.meta.url));

/** The feed in its own process. */
export type SoakedFeed = {
  ask(message: ToFeed): void;
  /** Resolves when it has told this for the next time. @throws when it ends without */
  told<Kind extends FromFeed['kind']>(kind: Kind): Promise<Extract<FromFeed, { kind: Kind }>>;
  close(): Promise<void>;
};

export function startFeed(onTold: (message: FromFeed) => void): SoakedFeed {
  const child = fork(program, [], { execArgv: ['--expose-gc'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const listeners = new Set<(message: FromFeed) => void>();
  child.on('message', (told) => {
    const message = told as FromFeed;
    onTold(message);
    for (const listener of listeners) listener(message);
  });
  const ended = once(child, 'exit');
  return {
    ask: (message) => void child.send(message),
    told: (kind) =>
      new Promise((resolve, reject) => {
        const listener = (message: FromFeed) => {
          if (message.kind !== kind) return;
          listeners.delete(listener);
          resolve(message as Extract<FromFeed, { kind: typeof kind }>);
        };
        listeners.add(listener);
        ended.then(
          () => reject(new Error(`the feed ended with ${child.exitCode ?? child.signalCode} before it told ${kind}`)),
          reject,
        );
      }),
    async close() {
      if (child.connected) child.send({ kind: 'stop' } satisfies ToFeed);
      await ended;
    },
  };
}
