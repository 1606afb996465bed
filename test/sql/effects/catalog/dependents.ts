/** Follows PostgreSQL's own record of what needs what, for what goes along when an object is dropped. */

import type { PGlite } from '@electric-sql/pglite';
import { partsElsewhere } from './facts.js';
import type { Snapshot } from './snapshot.js';

/** Who needs an object, by its address, and how (https://www.postgresql.org/docs/current/catalog-pg-depend.html). */
export interface Dependents {
  users: ReadonlyMap<string, readonly { address: string; kind: string }[]>;
  /** The whole that a part without a key of its own belongs to. */
  wholes: ReadonlyMap<string, string>;
}

const edges = `
  select refclassid::regclass || ':' || refobjid || case when refobjsubid = 0 then '' else ':' || refobjsubid end,
      classid::regclass || ':' || objid || case when objsubid = 0 then '' else ':' || objsubid end, deptype
    from pg_depend where objid >= 16384
  union all select 'pg_authid:' || roleid, 'pg_auth_members:' || oid, 'a' from pg_auth_members
  union all select 'pg_authid:' || member, 'pg_auth_members:' || oid, 'a' from pg_auth_members
  union all select 'pg_constraint:' || oid, 'not null ' || conrelid || ':' || conkey[1], 'a' from pg_constraint where contype = 'n' and conrelid > 0
  union all select 'pg_authid:' || setrole, 'pg_authid:' || setrole, 'a' from pg_db_role_setting where setrole > 0`;

/** Saves planning the queries each time. */
export async function prepareDependents(db: Pick<PGlite, 'exec'>): Promise<void> {
  await db.exec(`prepare oracle_edges as ${edges}; prepare oracle_parts as ${partsElsewhere}`);
}

/** The record at this moment, on a connection on which `prepareDependents` was called. */
export async function readDependents(db: Pick<PGlite, 'query'>): Promise<Dependents> {
  const users = new Map<string, { address: string; kind: string }[]>();
  const found = await db.query('execute oracle_edges', [], { rowMode: 'array' });
  for (const [needed, address, kind] of found.rows as unknown as [string, string, string][]) {
    users.set(needed, [...(users.get(needed) ?? []), { address, kind }]);
  }
  const parts = await db.query('execute oracle_parts', [], { rowMode: 'array' });
  return { users, wholes: new Map(parts.rows as unknown as [string, string][]) };
}

/** The keys of all that goes or changes when these are dropped. */
export function goingAlong(
  snapshot: Snapshot,
  dependents: Dependents,
  dropped: readonly { key: string; isCascade: boolean }[],
): Set<string> {
  const seen = new Set<string>();
  for (const { key, isCascade } of dropped) {
    for (const address of snapshot.get(key)?.addresses ?? [])
      follow(dependents, { address, isCascade }, seen);
  }
  const addresses = new Set([...seen].flatMap((one) => [one, dependents.wholes.get(one) ?? one]));
  return closeOver(snapshot, addresses);
}

function follow(
  { users, wholes }: Dependents,
  start: { address: string; isCascade: boolean },
  seen: Set<string>,
): void {
  const open = [start.address];
  for (let address = open.pop(); address !== undefined; address = open.pop()) {
    if (seen.has(address)) continue;
    seen.add(address);
    // The query of a view is the view.
    if (address.startsWith('pg_rewrite:')) open.push(wholes.get(address) ?? address);
    for (const user of [...(users.get(address) ?? []), ...columnsOf(users, address)]) {
      if (start.isCascade || user.kind !== 'n') open.push(user.address);
    }
  }
}

/** What needs a column goes when the table goes. */
function columnsOf(users: Dependents['users'], table: string): { address: string; kind: string }[] {
  return [...users].flatMap(([needed, found]) => (needed.startsWith(`${table}:`) ? found : []));
}

/** The parts of what goes go with it. */
function closeOver(snapshot: Snapshot, addresses: ReadonlySet<string>): Set<string> {
  const going = new Set<string>();
  for (const [key, described] of snapshot) {
    if (described.addresses.some((one) => addresses.has(one))) going.add(key);
  }
  for (const [key] of snapshot) if (chain(snapshot, key).some((one) => going.has(one))) going.add(key);
  return going;
}

/** An object and what it lies in, from the inside out. */
export function chain(snapshot: Snapshot, key: string): string[] {
  const of = snapshot.get(key)?.of;
  return of === undefined ? [key] : [key, ...chain(snapshot, of)];
}
