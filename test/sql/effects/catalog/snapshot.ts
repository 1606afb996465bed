/** Reads what the catalogs of a database say about every object, under the keys that effects have for them. */

import type { PGlite } from '@electric-sql/pglite';
import { allEntities } from './entities.js';
import { allFacts } from './facts.js';

/** What is said under one key: functions of one name share theirs. */
interface Described {
  /** Of each object: everything that the catalogs say, by words for it. */
  fields: ReadonlyMap<string, string>;
  /** Where the catalogs have it: catalog and object's number. */
  addresses: readonly string[];
  /** Whether it belongs to an extension, with which it comes, moves and goes. */
  isMember: boolean;
  /** The key of what it lies in, as an index lies in its table. */
  of: string | undefined;
  /** The keys of what it is a copy of in parents or partitioned tables. */
  heirOf: readonly string[];
}

/** By key. */
export type Snapshot = ReadonlyMap<string, Described>;

type Row = [
  part: number,
  address: string,
  name: string,
  of: string | null,
  heirOf: string[] | null,
  value: string,
];

const query = [
  ...allEntities.map(({ sql }) => `select 0, * from (${sql}) q(address, key, of, heir, row)`),
  ...allFacts.map(
    ({ sql }) =>
      `select 1, address, name, null, null::text[], coalesce(value, '') from (${sql}) q(address, name, value)`,
  ),
].join('\nunion all\n');

/** Saves planning the long query each time. */
export async function prepareSnapshots(db: Pick<PGlite, 'exec'>): Promise<void> {
  await db.exec(`prepare oracle_snapshot as ${query}`);
}

/** Everything at this moment. The connection's search path must be empty, and `prepareSnapshots` was called on it. */
export async function readSnapshot(db: Pick<PGlite, 'query'>): Promise<Snapshot> {
  const { rows } = await db.query('execute oracle_snapshot', [], { rowMode: 'array' });
  const all = rows as unknown as Row[];
  return describe(
    all.filter(([part]) => part === 0),
    groupFacts(all),
  );
}

function groupFacts(all: readonly Row[]): Map<string, [string, string][]> {
  const facts = new Map<string, [string, string][]>();
  for (const [part, address, name, , , value] of all) {
    if (part === 1) facts.set(address, [...(facts.get(address) ?? []), [name, value]]);
  }
  return facts;
}

function describe(
  objects: readonly Row[],
  facts: ReadonlyMap<string, readonly [string, string][]>,
): Snapshot {
  const byAddress = new Map(objects.map((row) => [row[1], row]));
  const found = new Map<string, Described>();
  for (const [, address, key, of, heirs, value] of objects) {
    const known = found.get(key);
    const fields = [...Object.entries(JSON.parse(value)), ...(facts.get(address) ?? [])];
    const prefix = known ? `${address} ` : '';
    found.set(key, {
      fields: new Map([
        ...(known?.fields ?? []),
        ...fields.map(([name, one]): [string, string] => [prefix + name, JSON.stringify(one)]),
      ]),
      addresses: [...(known?.addresses ?? []), address],
      isMember: known?.isMember !== false && isMember(address, byAddress, facts),
      of: of === null ? undefined : byAddress.get(of)?.[2],
      heirOf: (heirs ?? []).flatMap((one) => byAddress.get(one)?.[2] ?? []),
    });
  }
  return found;
}

function isMember(
  address: string,
  byAddress: ReadonlyMap<string, Row>,
  facts: ReadonlyMap<string, readonly [string, string][]>,
): boolean {
  if (facts.get(address)?.some(([name]) => name === 'extension')) return true;
  const of = byAddress.get(address)?.[3];
  return of != null && isMember(of, byAddress, facts);
}

/** One key under which something appeared, vanished or changed. */
export interface Change {
  key: string;
  how: 'new' | 'gone' | 'changed';
  /** What differs about it, where it is changed. */
  fields: readonly string[];
}

/** What one moment has that another has not. */
export function compareSnapshots(before: Snapshot, after: Snapshot): Change[] {
  const found: Change[] = [];
  for (const [key, now] of after) {
    const old = before.get(key);
    if (!old) found.push({ key, how: 'new', fields: [] });
    else if (old !== now) {
      const fields = differences(old.fields, now.fields);
      if (fields.length > 0) found.push({ key, how: 'changed', fields });
    }
  }
  for (const key of before.keys()) if (!after.has(key)) found.push({ key, how: 'gone', fields: [] });
  return found;
}

function differences(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name));
}
