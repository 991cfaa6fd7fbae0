import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import zlib from 'node:zlib';
import type { Random } from '../../local/simulators/random.ts';
import type { Scheduler } from './scheduler.ts';

/** What stands for time and chance while a seed runs. */
export type VirtualWorld = { readonly scheduler: Scheduler; readonly random: Random };

let world: VirtualWorld | undefined;

/** Time and chance are this world's from now on; none gives the machine's back. */
export function enterWorld(next: VirtualWorld | undefined): void {
  world = next;
}

/**
 * Puts seeded time and chance in place of this process's own, for the code that asks for them directly: the SDK's pauses
 * between tries, ids, deadlines. What zlib does in other threads it does at once, since nobody knows which of two threads is
 * first. Goes before the import of anything that is simulated, and never back: it belongs in a process of its own.
 */
export function installVirtualBuiltins(): void {
  const real = { now: Date.now, random: Math.random, setTimeout, clearTimeout };
  const realUuid = crypto.randomUUID;
  const realBytes = crypto.randomBytes;
  Date.now = () => world?.scheduler.clockMs() ?? real.now();
  Math.random = () => (world === undefined ? real.random() : world.random.below(2 ** 32) / 2 ** 32);
  globalThis.setTimeout = ((fire: (...values: unknown[]) => void, ms = 0, ...values: unknown[]) => {
    if (world === undefined) return real.setTimeout(fire, ms, ...values);
    const cancel = world.scheduler.startTimer(ms, () => fire(...values));
    return { cancel, unref() {}, ref() {}, hasRef: () => true };
  }) as unknown as typeof setTimeout;
  globalThis.clearTimeout = ((timer: unknown) => {
    if (typeof timer === 'object' && timer !== null && 'cancel' in timer) (timer.cancel as () => void)();
    else real.clearTimeout(timer as Parameters<typeof clearTimeout>[0]);
  }) as typeof clearTimeout;
  const bytes = (count: number) => Buffer.from(Array.from({ length: count }, () => world?.random.below(256) ?? 0));
  const uuid = () => {
    const hex = bytes(16).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
  Object.assign(crypto, {
    randomUUID: () => (world === undefined ? realUuid() : uuid()),
    randomBytes: (count: number) => (world === undefined ? realBytes(count) : bytes(count)),
  });
  Object.assign(zlib, {
    gzip: atOnce(zlib.gzipSync),
    gunzip: atOnce(zlib.gunzipSync),
    deflate: atOnce(zlib.deflateSync),
    inflate: atOnce(zlib.inflateSync),
  });
  syncBuiltinESMExports();
}

type Callback = (error: unknown, result?: Buffer) => void;

function atOnce(run: (input: zlib.InputType, options?: zlib.ZlibOptions) => Buffer) {
  return (input: zlib.InputType, ...rest: readonly (zlib.ZlibOptions | Callback)[]) => {
    const callback = rest.at(-1) as Callback;
    const options = typeof rest[0] === 'object' ? rest[0] : {};
    let result: Buffer;
    try {
      result = run(input, options);
    } catch (error) {
      callback(error);
      return;
    }
    callback(null, result);
  };
}
