import { type Fault, FeedError } from '../model/feed-error.ts';

/** Everything wrong with one source of configuration, as one error whose message lists it line by line. */
export function invalidConfig(
  where: string,
  faults: readonly Fault[],
  options?: ErrorOptions,
): FeedError<'config.invalid'> {
  const lines = faults.map(({ path, message }) => `  ${path}: ${message}`);
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return new FeedError('config.invalid', [`${where} has ${count}`, ...lines].join('\n'), { faults }, options);
}
