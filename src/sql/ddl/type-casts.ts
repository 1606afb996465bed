/** Tells whether a cast keeps every value, and writes casts that fail instead of cutting values off. */

/** A type as PostgreSQL's format_type writes it, in its parts. */
interface WrittenType {
  /** Without the modifiers, such as `timestamp with time zone`. */
  base: string;
  /** What is between the parentheses; undefined where there are none. */
  modifiers: readonly number[] | undefined;
  isArray: boolean;
}

function parseType(text: string): WrittenType {
  const element = text.replace(/(?:\[\])+$/, '');
  const [, head = element, modifiers, tail = ''] = /^([^"(]*)\(([^()]*)\)(.*)$/.exec(element) ?? [];
  return {
    base: head + tail,
    modifiers: modifiers?.split(',').map(Number),
    isArray: element !== text,
  };
}

/** PostgreSQL refuses a value that is too long for these, unless an explicit cast with a length asks to cut it off. */
const withoutLength: Readonly<Record<string, string>> = {
  'character varying': 'character varying',
  character: 'bpchar',
  'bit varying': 'bit varying',
  bit: 'bit varying',
};

/** @returns the type for `USING column::type`: a value that does not fit makes ALTER COLUMN fail. */
export function castType(from: string, to: string): string {
  const { base, modifiers } = parseType(to);
  const open = modifiers && withoutLength[base];
  if (!open || (bits.has(base) && !becomesBitVarying(from))) return to;
  return open + (/(?:\[\])+$/.exec(to)?.[0] ?? '');
}

/** Integers have a cast to `bit` and none to `bit varying` (pg_cast). */
function becomesBitVarying(type: string): boolean {
  const { base } = parseType(type);
  return bits.has(base) || texts.has(base);
}

/** @returns false where a value may be rounded, cut off or written in another way; a cast that fails keeps all values. */
export function keepsValues(from: string, to: string): boolean {
  if (from === to) return true;
  const [old, next] = [parseType(from), parseType(to)];
  if (texts.has(next.base)) return keepsText(old, next);
  if (old.isArray !== next.isArray) return false;
  if (old.base === next.base) return keepsModifiers(old, next);
  return exactCasts[old.base]?.has(next.base) === true && isWide(next);
}

/** Even an assignment cuts blanks off that are past the length, and a `character` loses those at its end on the way to any other type. */
function keepsText(old: WrittenType, next: WrittenType): boolean {
  const kind = kindOf(next);
  if (next.modifiers || kind === 'bpchar')
    return kindOf(old) === kind && old.isArray === next.isArray && lengthOf(old) <= lengthOf(next);
  return old.isArray || !next.isArray;
}

function kindOf({ base }: WrittenType): string {
  return withoutLength[base] ?? base;
}

function lengthOf({ modifiers }: WrittenType): number {
  return modifiers?.[0] ?? Number.POSITIVE_INFINITY;
}

const texts = new Set(['text', 'character varying', 'character', 'bpchar', 'citext', 'public.citext']);
const bits = new Set(['bit', 'bit varying']);

/** Casts of which each value has an exact counterpart, or none and fails. */
const exactCasts: Readonly<Record<string, ReadonlySet<string>>> = {
  smallint: new Set(['integer', 'bigint', 'numeric', 'real', 'double precision']),
  integer: new Set(['smallint', 'bigint', 'numeric', 'double precision']),
  bigint: new Set(['smallint', 'integer', 'numeric']),
  real: new Set(['double precision']),
  boolean: new Set(['integer']),
  bit: bits,
  'bit varying': bits,
  date: new Set(['timestamp without time zone', 'timestamp with time zone']),
  text: new Set(['json']),
  'character varying': new Set(['json']),
  jsonb: new Set(['json']),
  cidr: new Set(['inet']),
  macaddr: new Set(['macaddr8']),
};

/** A numeric with a negative scale rounds whole numbers, too. */
function isWide({ base, modifiers }: WrittenType): boolean {
  return base !== 'numeric' || (modifiers?.[1] ?? 0) >= 0;
}

/** Digits after the point that a type without modifiers has; a numeric has all of them. */
const usualDigits: Readonly<Record<string, number>> = {
  numeric: Number.POSITIVE_INFINITY,
  interval: 6,
  'timestamp without time zone': 6,
  'timestamp with time zone': 6,
  'time without time zone': 6,
  'time with time zone': 6,
};

function keepsModifiers(old: WrittenType, next: WrittenType): boolean {
  if (bits.has(next.base)) return true;
  const usual = usualDigits[next.base];
  if (usual === undefined) return next.modifiers === undefined;
  const digits = ({ base, modifiers }: WrittenType) =>
    modifiers ? ((base === 'numeric' ? modifiers[1] : modifiers[0]) ?? 0) : usual;
  return digits(next) >= digits(old);
}
