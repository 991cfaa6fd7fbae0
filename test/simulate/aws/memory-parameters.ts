import { AwsFault } from '../aws-fault.ts';
import type { AwsService } from './aws-handler.ts';

/** SSM's parameters. */
export function createMemoryParameters(values: Map<string, string>): AwsService {
  return (operation, { Name = '', Value = '' }: { readonly Name?: string; readonly Value?: string }) => {
    if (operation === 'PutParameter') {
      values.set(Name, Value);
      return { Version: 2 };
    }
    const value = values.get(Name);
    if (value === undefined) throw new AwsFault('ParameterNotFound', Name);
    return { Parameter: { Name, Value: value, Type: 'String' } };
  };
}
