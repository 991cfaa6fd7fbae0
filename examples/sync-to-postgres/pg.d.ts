declare module 'pg' {
  /** As much of the driver as the example needs. */
  export class Pool {
    constructor(options: { readonly connectionString: string; readonly max: number });
    query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[] }>;
  }
}
