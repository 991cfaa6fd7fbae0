import { GetParameterCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { FeedError } from '../model/feed-error.ts';
import type { FeedMark } from '../model/feed-mark.ts';
import { readMarkJson, writeMarkJson } from './mark-json.ts';
import { parseJson } from './read-part.ts';

export type ParameterMarkOptions = {
  readonly parameters: SSMClient;
  readonly parameterName: string;
  /** The command that writes the mark anew. */
  readonly recovery: string;
};

/** The feed's mark in an SSM parameter, as JSON. */
export function createParameterMark({ parameters, parameterName, recovery }: ParameterMarkOptions) {
  const unavailable = (cause: unknown) => {
    const message = `the parameter ${parameterName} did not answer`;
    return new FeedError('store.unavailable', message, { item: parameterName }, { cause });
  };
  return {
    async readMark(): Promise<FeedMark> {
      const answer = await parameters.send(new GetParameterCommand({ Name: parameterName })).catch((cause: unknown) => {
        if (cause instanceof Error && cause.name === 'ParameterNotFound') return undefined;
        throw unavailable(cause);
      });
      const mark = readMarkJson(parseJson(answer?.Parameter?.Value));
      if (mark !== undefined) return mark;
      const found = answer === undefined ? 'does not exist' : 'does not hold JSON like {"epoch":1,"table":"…"}';
      const message = `${found}; sweeps stop, for nobody knows which epoch the feed is in: ${recovery}`;
      const faults = [{ path: parameterName, message }];
      throw new FeedError('config.invalid', `the parameter ${parameterName} ${message}`, { faults });
    },
    async writeMark(mark: FeedMark): Promise<void> {
      const Value = JSON.stringify(writeMarkJson(mark));
      await parameters
        .send(new PutParameterCommand({ Name: parameterName, Value, Type: 'String', Overwrite: true }))
        .catch((cause: unknown) => {
          throw unavailable(cause);
        });
    },
  };
}
