import { readConnectionFile } from '../src/config/connection-file.ts';
import { type FeedError, isFeedError } from '../src/model/feed-error.ts';
import { vendors } from '../src/vendors/registry.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import type { Output } from './output.ts';
import { refuseLoopback } from './read-connections.ts';

export type ValidateOptions = { readonly deployed: boolean; readonly json: boolean };

/** Says what is wrong with a connection file, and reads nothing else. @throws config.invalid, unless it is asked for as JSON */
export async function validateFile(path: string, options: ValidateOptions, output: Output): Promise<ExitCode> {
  try {
    const { connections } = await readConnectionFile(path, {
      vendors,
      runtime: options.deployed ? 'deployed' : 'embedded',
    });
    refuseLoopback({ refusesLoopback: options.deployed }, connections);
    const told = connections.map(({ id, vendor, baseUrl }) => ({ id, vendor, baseUrl }));
    if (options.json) output.result(JSON.stringify({ isValid: true, connections: told }));
    else for (const line of validLines(told)) output.result(line);
    return exitCodes.done;
  } catch (error) {
    if (!options.json || !isFeedError(error, 'config.invalid')) throw error;
    const { faults } = (error as FeedError<'config.invalid'>).context;
    output.result(JSON.stringify({ isValid: false, faults }));
    return exitCodes.wrongUsageOrConfiguration;
  }
}

type Told = { readonly id: string; readonly vendor: string; readonly baseUrl: string };

function validLines(connections: readonly Told[]): readonly string[] {
  const count = connections.length === 1 ? '1 connection' : `${connections.length} connections`;
  return [
    `${count}, and no fault`,
    ...connections.map(({ id, vendor, baseUrl }) => `  ${id} (${vendor} at ${baseUrl})`),
  ];
}
