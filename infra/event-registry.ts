import { CfnRegistry, CfnSchema } from 'aws-cdk-lib/aws-eventschemas';
import { Construct } from 'constructs';
import { eventSchemas } from './event-schemas.ts';

export type EventRegistryProps = { readonly registryName: string };

/** The contract of the events, where consumers' tools find it and make code from it. */
export class EventRegistry extends Construct {
  constructor(scope: Construct, id: string, { registryName }: EventRegistryProps) {
    super(scope, id);
    const registry = new CfnRegistry(this, 'Registry', {
      registryName,
      description: 'Events of the user change feed',
    });
    for (const { name, content } of eventSchemas()) {
      const schema = new CfnSchema(this, name.replaceAll(/[^a-z]/g, '-'), {
        registryName,
        schemaName: name,
        type: 'OpenApi3',
        content,
      });
      schema.addResourceDependency(registry);
    }
  }
}
