import type { WireRow } from '../simulated-vendor.ts';
import type { TrapSettings } from '../trap-settings.ts';

/** Source: docs.leen.dev/api-reference/connection-health and …/provisioning/get-connection (stored copies). Left out:
 *  what says nothing about the list. */
export function toLeenConnection(id: string, trouble: TrapSettings['unhealthy'] | null): WireRow {
  const name = trouble?.health ?? 'HEALTHY';
  const isHealthy = name === 'HEALTHY';
  return {
    id,
    vendor: 'JIRA',
    state: trouble?.state ?? 'ACTIVE',
    is_active: (trouble?.state ?? 'ACTIVE') === 'ACTIVE',
    refresh_interval_secs: 21_600,
    timeout_secs: 1_800,
    health: {
      name,
      status: isHealthy ? 'HEALTHY' : 'UNHEALTHY',
      description: isHealthy ? 'Connection is healthy' : 'Connection is not healthy',
      resolution_owner: name === 'UNAUTHORIZED' ? 'CUSTOMER' : 'LEEN',
      details: null,
    },
  };
}
