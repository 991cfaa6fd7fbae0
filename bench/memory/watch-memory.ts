import type { ChildMemory } from './child-ask.ts';

/** What this process holds while something runs in it. */
export async function watchMemory<Outcome>(
  run: () => Promise<Outcome>,
): Promise<Pick<ChildMemory, 'idle' | 'peak' | 'heap'> & { readonly outcome: Outcome }> {
  globalThis.gc?.();
  const { rss: idle, heapUsed } = process.memoryUsage();
  const mostBefore = mostResident();
  let heap = 0;
  let resident = idle;
  const look = () => {
    const now = process.memoryUsage();
    heap = Math.max(heap, now.heapUsed - heapUsed);
    resident = Math.max(resident, now.rss);
  };
  const timer = setInterval(look, 20);
  const outcome = await run();
  clearInterval(timer);
  look();
  const most = mostResident();
  return { idle, peak: most > mostBefore ? most : resident, heap, outcome };
}

/** On Linux, a process begins with what its parent had: that says something of it only where it has grown since. */
function mostResident(): number {
  return process.resourceUsage().maxRSS * 1024;
}
