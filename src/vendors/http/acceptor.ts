import type * as z from 'zod/mini';

/** Whether a value is certain to pass a schema and to come out of it unchanged, but for fields it does not name. */
export type Acceptor = (value: unknown) => boolean;

type Def = z.core.$ZodTypes['_zod']['def'];

const acceptors = new WeakMap<z.core.$ZodType, Acceptor>();

/** The acceptor of a schema, made once. */
export function acceptorOf(schema: z.core.$ZodType): Acceptor {
  const known = acceptors.get(schema);
  if (known !== undefined) return known;
  const accepts = createAcceptor(schema);
  acceptors.set(schema, accepts);
  return accepts;
}

/**
 * An acceptor for the values that `JSON.parse` gives. It takes over nothing of the schema's work but the good cases:
 * of whatever it does not accept, the schema says whether and why it fails. Rows are most of what a sweep reads,
 * and nearly all are good: it takes a tenth of the schema's time (`npm run bench -- --only cpu`).
 */
export function createAcceptor(schema: z.core.$ZodType): Acceptor {
  const def = schema._zod.def as Def;
  const compile = compilers[def.type] as ((def: Def) => Acceptor) | undefined;
  return compile === undefined || hasUnknownChecks(def) ? never : compile(def);
}

/** What cannot be told without the schema: its part is left to it, and so is whatever contains that part. */
const never: Acceptor = () => false;

type Compilers = { readonly [Type in Def['type']]?: (def: Extract<Def, { type: Type }>) => Acceptor };

const compilers: Compilers = {
  unknown: () => (value) => value !== undefined,
  null: () => (value) => value === null,
  boolean: () => (value) => typeof value === 'boolean',
  number: (def) => ('format' in def ? acceptNumberFormat(def.format) : Number.isFinite),
  string: acceptString,
  literal:
    ({ values }) =>
    (value) =>
      (values as readonly unknown[]).includes(value),
  optional: ({ innerType }) => orElse(createAcceptor(innerType), undefined),
  nullable: ({ innerType }) => orElse(createAcceptor(innerType), null),
  catch: ({ innerType }) => createAcceptor(innerType),
  union: ({ options }) => acceptUnion(options.map(createAcceptor)),
  array: ({ element }) => acceptArray(createAcceptor(element)),
  object: acceptObject,
  record: acceptRecord,
  lazy: ({ getter }) => {
    let accepts: Acceptor | undefined;
    return (value) => {
      accepts ??= createAcceptor(getter());
      return accepts(value);
    };
  },
};

/** `minLength` of a text is the only check that rows make. */
function hasUnknownChecks({ type, checks = [] }: Def): boolean {
  return checks.some((check) => type !== 'string' || check._zod.def.check !== 'min_length');
}

function acceptNumberFormat(format: unknown): Acceptor {
  return format === 'safeint' ? Number.isSafeInteger : never;
}

function acceptString(def: Extract<Def, { type: 'string' }>): Acceptor {
  if ('format' in def) return never;
  const least = Math.max(
    0,
    ...(def.checks ?? []).map((check) => Number((check._zod.def as { minimum?: number }).minimum)),
  );
  return (value) => typeof value === 'string' && value.length >= least;
}

function orElse(accepts: Acceptor, absent: null | undefined): Acceptor {
  return accepts === never ? never : (value) => value === absent || accepts(value);
}

/** The first option that fits decides, so each of them has to be known. */
function acceptUnion(options: readonly Acceptor[]): Acceptor {
  return options.includes(never) ? never : (value) => options.some((accepts) => accepts(value));
}

function acceptArray(accepts: Acceptor): Acceptor {
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (const member of value) if (!accepts(member)) return false;
    return true;
  };
}

function acceptObject({ shape, catchall }: Extract<Def, { type: 'object' }>): Acceptor {
  if (catchall !== undefined && catchall._zod.def.type !== 'unknown') return never;
  const names = Object.keys(shape);
  const fields = names.map((name) => createAcceptor(shape[name] as z.core.$ZodType));
  return (value) => {
    if (!isObject(value)) return false;
    for (let at = 0; at < names.length; at += 1) if (!fields[at]?.(value[names[at] as string])) return false;
    return true;
  };
}

function acceptRecord({ keyType, valueType }: Extract<Def, { type: 'record' }>): Acceptor {
  const { type, checks = [] } = (keyType as z.core.$ZodType)._zod.def as Def;
  if (type !== 'string' || checks.length > 0) return never;
  const accepts = createAcceptor(valueType as z.core.$ZodType);
  // A schema leaves `__proto__` out.
  return (value) =>
    isObject(value) && !Object.hasOwn(value, '__proto__') && Object.keys(value).every((name) => accepts(value[name]));
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
