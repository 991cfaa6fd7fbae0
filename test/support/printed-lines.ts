import { onTestFinished, vi } from 'vitest';

export type Emf = {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [name: string]: unknown;
};

/** Whatever this test prints, line by line: what CloudWatch would get. */
export function capturePrinted() {
  const printed: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      printed.push(String(chunk));
      return true;
    }),
  );
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
  const lines = () =>
    printed
      .join('')
      .split('\n')
      .filter((line) => line !== '');
  const documents = () => lines().map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    text: () => printed.join(''),
    logs: () => documents().filter((document) => !('_aws' in document)),
    metrics: () => documents().filter((document) => '_aws' in document) as unknown as readonly Emf[],
  };
}

/** `Sweeps{outcome,vendor}` of each metric that was printed, once each. */
export function metricKinds(documents: readonly Emf[]): readonly string[] {
  const kinds = documents.flatMap(({ _aws }) =>
    _aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
      Metrics.flatMap(({ Name }) => Dimensions.map((names) => `${Name}{${[...names].sort().join(',')}}`)),
    ),
  );
  return [...new Set(kinds)].sort();
}
