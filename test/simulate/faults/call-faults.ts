import { AwsFault } from '../aws-fault.ts';
import { network, type PendingCall } from '../scheduler.ts';
import type { World } from '../world.ts';
import type { FaultKind } from './fault-kinds.ts';

/** Lets a call go on, or go wrong. */
export function proceedWith(world: World, call: PendingCall): void {
  const { scheduler, random, trace, tally, troubles } = world;
  scheduler.advance(call.service === 'vendor' ? 20 + random.below(400) : 1 + random.below(15));
  scheduler.take(call);
  const fault = troubles.isCalm ? undefined : chooseFault(world, call);
  trace.note(() => `${call.worker.name} ${call.label()}${fault === undefined ? '' : ` [${fault}]`}`);
  if (fault !== undefined) tally.count(fault);
  const effect = fault && effects[fault];
  if (effect === undefined) call.answer();
  else effect(world, call);
}

const effects: { readonly [Kind in FaultKind]?: (world: World, call: PendingCall) => void } = {
  crash_before_call: ({ scheduler }, call) => scheduler.kill(call.worker),
  crash_after_call({ scheduler }, call) {
    call.carryOut();
    scheduler.kill(call.worker);
  },
  // The next call of whoever is frozen is on its way meanwhile: as often as not until his lease is somebody else's.
  // Where the vendor fails meanwhile, whoever takes over has nothing to commit.
  frozen(world, call) {
    const { scheduler, random, plan, sites } = world;
    call.worker.frozenUntilMs = scheduler.nowMs() + random.pick(freezesMs) + random.below(5 * 60_000);
    call.answer();
    if (plan.chances.has('error') && random.below(2) === 0)
      random.pick([...sites.values()]).traps.arm('error', { times: 1 + random.below(6) });
  },
  clock_jump({ random }, call) {
    call.worker.skewMs = random.below(240_000) - 120_000;
    call.answer();
  },
  throttled: (_, call) => call.fail(new AwsFault(throttles[call.service] ?? 'ThrottlingException', 'too fast')),
  request_lost: (_, call) => call.fail(lost()),
  answer_lost(_, call) {
    call.carryOut();
    call.fail(lost());
  },
  arrives_late({ scheduler, random }, call) {
    scheduler.delay(call, random.pick([100, 1_000, 10_000, 120_000]) + random.below(1_000));
    call.fail(lost());
  },
  put_answer_lost(_, call) {
    call.carryOut();
    call.fail(lost());
  },
};

const freezesMs: readonly number[] = [0, 0, 2 * 60_000, 16 * 60_000, 17 * 60_000, 25 * 60_000];

const throttles: { readonly [service: string]: string } = {
  DynamoDB: 'ProvisionedThroughputExceededException',
  AmazonSQS: 'RequestThrottled',
};

/** What the SDK takes for a network that has let it down. */
function lost(): Error {
  return Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
}

function chooseFault(world: World, call: PendingCall): FaultKind | undefined {
  const { service, operation, worker } = call;
  const ofAws: readonly FaultKind[] =
    service === 'vendor' ? [] : ['throttled', 'request_lost', 'answer_lost', 'arrives_late'];
  const ofPublishing: readonly FaultKind[] = operation === 'PutEvents' ? ['put_answer_lost'] : [];
  const ofProcesses: readonly FaultKind[] = ['crash_before_call', 'crash_after_call', 'frozen', 'clock_jump'];
  if (worker.name === 'operator' || worker.name === network) return undefined;
  return [...ofAws, ...ofPublishing, ...ofProcesses].find(
    (kind) => world.random.below(10_000) < chanceOf(world, kind, call),
  );
}

/** Crashes and frozen processes are rarer than calls that fail: a sweep has some thirty calls. */
const rarely: ReadonlySet<FaultKind> = new Set(['crash_before_call', 'crash_after_call', 'frozen', 'clock_jump']);
/** What matters most are writes, and who writes them: behind a report comes the log, and behind a shard that is read its like. */
const ofWrites: ReadonlySet<FaultKind> = new Set(['crash_after_call', 'frozen', 'arrives_late']);

function chanceOf({ plan }: World, kind: FaultKind, { operation, sortKey }: PendingCall): number {
  const chance = plan.chances.get(kind) ?? 0;
  const weighed = rarely.has(kind) ? Math.ceil(chance / 2) : chance;
  if (!ofWrites.has(kind)) return weighed;
  if (/^(sweep|log|shard)#/.test(sortKey)) return weighed * 5;
  return operation === 'PutItem' ? weighed * 2 : weighed;
}
