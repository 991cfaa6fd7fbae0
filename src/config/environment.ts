/** The environment variables of this program, as the parts that read them expect them. */
export type Environment = { readonly [name: string]: string | undefined };

/** Those of the running program. Only `src/config` reads them; composition roots pass them on. */
export function readEnvironment(): Environment {
  return process.env;
}
