import type { Connection } from '../src/model/connection.ts';
import type { ConnectionId } from '../src/model/ids.ts';

export type ReadConnection = (id: ConnectionId) => Promise<Connection | undefined>;

/** Whose connections are, as far as this process has read their settings: logs and metrics name the tenant as well. */
export type KnownTenants = {
  /** The same question, with its answers remembered. */
  watch(read: ReadConnection): ReadConnection;
  /** Properties that name a connection, and its tenant where that is known. */
  whose(connectionId: string): { readonly connectionId: string; readonly tenantId?: string };
};

export function createKnownTenants(): KnownTenants {
  const tenants = new Map<string, string>();
  return {
    watch: (read) => async (id) => {
      const connection = await read(id);
      if (connection !== undefined) tenants.set(id, connection.tenantId);
      return connection;
    },
    whose(connectionId) {
      const tenantId = tenants.get(connectionId);
      return { connectionId, ...(tenantId !== undefined && { tenantId }) };
    },
  };
}
