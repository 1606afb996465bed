/** Compares the effects of statements with what PostgreSQL's catalogs show after running them. */

import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyCatalogue } from '../../../src/sql/dependencies/catalogue.js';
import { collectMigration } from '../../../src/sql/dependencies/collect.js';
import { indexNames } from '../../../src/sql/dependencies/collector.js';
import type { Effect } from '../../../src/sql/effects/effect.js';
import { keyOf } from '../../../src/sql/effects/object-key.js';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import { loadParser } from '../../../src/sql/parse.js';
import { compareSnapshots, readSnapshot, type Snapshot } from './catalog-snapshot.js';
import { beginning, cases } from './oracle-cases.js';
import { tables } from './oracle-tables.js';

const parser = await loadParser();
let db: PGlite;
let before: Snapshot;
let owners: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  db = await PGlite.create({ extensions: { pg_trgm } });
  await db.exec(beginning);
  await db.exec("set search_path = ''");
  before = await readSnapshot(db);
  await db.exec('reset search_path');
  owners = await readOwners();
});

afterAll(() => db.close());

/** What goes away with what: PostgreSQL's own record. */
async function readOwners(): Promise<Map<string, string[]>> {
  const { rows } = await db.query<{ part: string; owner: string }>(`
    select 'rel:' || n.nspname || '.' || i.relname as part, 'rel:' || n.nspname || '.' || t.relname as owner
      from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
      join pg_namespace n on n.oid = t.relnamespace
    union all
    select 'rel:' || n.nspname || '.' || s.relname, 'rel:' || n.nspname || '.' || t.relname
      from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S' join pg_class t on t.oid = d.refobjid
      join pg_namespace n on n.oid = t.relnamespace where d.refobjsubid > 0
    union all
    select 'rel:' || n.nspname || '.' || c.relname, 'rel:' || n.nspname || '.' || p.relname
      from pg_inherits h join pg_class c on c.oid = h.inhrelid join pg_class p on p.oid = h.inhparent
      join pg_namespace n on n.oid = p.relnamespace
    union all
    select 'statistics:' || n.nspname || '.' || s.stxname, 'column:' || n.nspname || '.' || c.relname || '.' || a.attname
      from pg_statistic_ext s join pg_class c on c.oid = s.stxrelid join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum = any (s.stxkeys)
    union all
    select 'fn:' || n.nspname || '.' || f.proname, 'extension:' || e.extname
      from pg_depend d join pg_proc f on f.oid = d.objid join pg_extension e on e.oid = d.refobjid
      join pg_namespace n on n.oid = f.pronamespace where d.deptype = 'e'`);
  const found = new Map<string, string[]>();
  for (const { part, owner } of rows) found.set(part, [...(found.get(part) ?? []), owner]);
  return found;
}

interface Outcome {
  error?: string;
  changes: ReturnType<typeof compareSnapshots>;
}

async function run(sql: string): Promise<Outcome> {
  await db.exec('begin');
  try {
    await db.exec(sql);
    await db.exec("set local search_path = ''");
    return { changes: compareSnapshots(before, await readSnapshot(db)) };
  } catch (error) {
    return { error: (error as Error).message, changes: [] };
  } finally {
    await db.exec('rollback');
  }
}

/** The keys of everything that lies in or under an object. */
function isUnder(key: string, owner: string): boolean {
  const path = key.slice(key.indexOf(':') + 1);
  const root = owner.slice(owner.indexOf(':') + 1);
  return (
    path === root ||
    path.startsWith(`${root}.`) ||
    (key.startsWith('type:') && path.replace(/(^|\.)_/, '$1') === root)
  );
}

function isCovered(key: string, changing: readonly Effect[]): boolean {
  return changing.some((effect) => {
    const keys = keysOf(effect);
    if (keys.includes(key) || keys.some((own) => isNumbered(key, own, effect))) return true;
    // Nobody needs to be told that the parts go or move with the whole.
    if (isWhole(effect) && keys.some((own) => isUnder(key, own) || owners.get(key)?.includes(own)))
      return true;
    return effect.isCascade || isMoved(key, effect) || isSpread(key, effect);
  });
}

/** All that an effect may be about: what it names, in every schema of the path, and the relation around it. */
function keysOf({ object, to }: Effect): string[] {
  const ids = [object, ...(to ? [to] : [])];
  const all = ids.flatMap((id) => [id, ...(id.path ?? []).map((schema) => ({ ...id, schema }))]);
  const around = all.filter(({ kind, parent }) => kind === 'column' && parent !== undefined);
  return [...all.map(keyOf), ...around.map(({ schema, parent }) => `rel:${schema}.${parent}`)];
}

/** Names that PostgreSQL makes get a number when they are taken. */
function isNumbered(key: string, own: string, { isGenerated }: Effect): boolean {
  return isGenerated === true && key.startsWith(own) && /^\d+$/.test(key.slice(own.length));
}

function isWhole({ action, to, change = '' }: Effect): boolean {
  return (
    action === 'drop' ||
    to !== undefined ||
    ['owner', 'set un logged'].includes(change) ||
    change.endsWith(' triggers')
  );
}

/** Indexes and sequences move with their table. */
function isMoved(key: string, { object, to, change }: Effect): boolean {
  if (change !== 'set schema' || !to) return false;
  const old = key.replace(`:${to.schema}.`, `:${object.schema}.`);
  return owners.get(old)?.includes(keyOf(object)) === true;
}

/** Changes that reach other objects by their nature, which only the catalog knows by name. */
function isSpread(key: string, { object, change = '' }: Effect): boolean {
  if (change.startsWith('privileges of all')) return isUnder(key, `schema:${object.name}`);
  const family = families.find(({ parent }) => parent === object.parent || object.name.startsWith(parent));
  const child = family?.child;
  return (
    child !== undefined && (isUnder(key, `rel:public.${child}`) || key.startsWith(`rel:public.${child}_`))
  );
}

/** Parents hand their changes on. */
const families = [
  { parent: 'animals', child: 'cats' },
  { parent: 'measures', child: 'measures_2020' },
];

function check(sql: string, { changes }: Outcome): string[] {
  const { effects } = readEffects(parser, sql);
  const changing = effects.filter(
    ({ action, when }) => when !== 'later' && ['create', 'alter', 'drop'].includes(action),
  );
  const changed = new Map(changes.map(({ key, how }) => [key, how]));
  const missed = changes
    .filter(({ key }) => !isCovered(key, changing) && !isDerived(key, changes, effects))
    .map(({ key, how }) => `not told: ${key} is ${how}`);
  const invented = changing.flatMap((effect) => {
    const key = keyOf(effect.object);
    if (effect.isConditional || isUndone(key, effect, changing)) return [];
    const isThere =
      keysOf(effect).some((own) => changed.has(own)) ||
      [...changed.keys()].some((one) => isNumbered(one, key, effect));
    if (effect.action === 'create' && !isThere) return [`told, but not so: create ${key}`];
    return effect.action === 'drop' && !isGone(key, changed) ? [`told, but not so: drop ${key}`] : [];
  });
  return [...missed, ...invented];
}

function isGone(key: string, changed: ReadonlyMap<string, string>): boolean {
  return changed.get(key) === 'gone' || (key.startsWith('fn:') && changed.has(key));
}

/** What is made and taken away again leaves nothing. */
function isUndone(key: string, effect: Effect, changing: readonly Effect[]): boolean {
  // Columns of views are told, but the snapshot has them with their view; and dropping a column takes much with it.
  if (
    key.startsWith('column:') ||
    changing.some(({ action, object }) => action === 'drop' && object.kind === 'column')
  ) {
    return true;
  }
  return changing.some(
    (other) =>
      other !== effect &&
      other.action !== effect.action &&
      [other.object, other.to].some((o) => o && keyOf(o) === key),
  );
}

/** Columns of copies, of children and of SELECT * are known to the history only. */
function isDerived(key: string, changes: Outcome['changes'], effects: readonly Effect[]): boolean {
  const made = effects.filter(({ action, object }) => action === 'create' && object.parent === undefined);
  const isNew = made.some(({ object }) => isUnder(key, keyOf(object)) || isNamedAfter(key, object));
  const isPart =
    /^(column|constraint|rel|statistics|type):/.test(key) && changes.some((change) => change.key === key);
  return isPart && isNew && effects.some(({ change }) => change === 'definition' || change === 'all columns');
}

function isNamedAfter(key: string, { schema, name }: Effect['object']): boolean {
  return key.slice(key.indexOf(':') + 1).startsWith(`${schema}.${name}_`);
}

/** The keys that the history's catalogue says a text changes, with all that it takes along. */
function changedKeys(sql: string): Set<string> {
  const catalogue = emptyCatalogue();
  const names = { askedNames: indexNames([]) };
  collectMigration(catalogue, readEffects(parser, beginning), names);
  const { accesses } = collectMigration(catalogue, readEffects(parser, sql), names);
  return new Set(accesses.filter(({ mode }) => mode !== 'read').map(({ key }) => key));
}

/** An object itself, or the aspect of it that changed. */
function isAccessed(key: string, accessed: ReadonlySet<string>): boolean {
  const [family, path = ''] = key.split(/:(.*)/s);
  const owner = path.split('.').slice(0, -1).join('.');
  const names = ['options', 'privileges', 'comment', 'shape', 'rules', 'parts', 'details', 'rows'];
  const around = names.flatMap((name) => [`${name} of ${key}`, `${name} of rel:${path}`]);
  const whole = [
    `rel:${owner}`,
    `type:${owner}`,
    `privileges in schema:public`,
    `privileges in schema:${owner}`,
  ];
  const array =
    family === 'type' ? [`type:${path.replace('._', '.')}`, `rel:${path.replace('._', '.')}`] : [];
  return [key, ...around, ...whole, ...array, ...array.flatMap((one) => [`privileges of ${one}`])].some(
    (one) => accessed.has(one),
  );
}

/** Copies whose names PostgreSQL makes of columns, where the original has a name that does not tell. */
const namedByColumns = new Set([
  'rel:public.measures_2020_value_idx',
  'statistics:public.copied_email_name_stat',
]);

describe('dependencies know what changes', () => {
  test.each(cases.filter((sql) => !sql.includes('-- fails')).map((sql) => [sql]))('%s', async (sql) => {
    const { changes } = await run(sql);
    const accessed = changedKeys(sql);
    const known = changes.filter(({ key }) => !namedByColumns.has(key));
    expect(known.filter(({ key }) => !isAccessed(key, accessed))).toEqual([]);
  });
});

describe('effects are what the catalog shows', () => {
  test.each(cases.map((sql) => [sql]))('%s', async (sql) => {
    const outcome = await run(sql);
    expect(outcome.error === undefined, outcome.error ?? 'it should fail').toBe(!sql.includes('-- fails'));
    if (outcome.error === undefined) expect(check(sql, outcome)).toEqual([]);
  });

  test('also for tables made at random', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (sql) => {
        const outcome = await run(sql);
        fc.pre(outcome.error === undefined);
        expect(check(sql, outcome)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
