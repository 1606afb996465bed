/** Reads tables, views, sequences, and what belongs to them. */

import { type Branch, foreignOptions, nameBy, options, role, state, yesIf } from './parts.js';

const tablespace = (oid: string) => `(SELECT quote_ident(spcname) FROM pg_tablespace s WHERE s.oid = ${oid})`;

const accessMethod = `(SELECT quote_ident(amname) FROM pg_am a WHERE a.oid = c.relam AND a.amname <> 'heap')`;

const persistence = `CASE c.relpersistence WHEN 'u' THEN 'unlogged' END`;

const toastOptions = `(SELECT ${options('t.reloptions')} FROM pg_class t WHERE t.oid = c.reltoastrelid)`;

/** Detached concurrently, but not to the end (14+). */
const detachPending = `(SELECT ${yesIf('h.inhdetachpending')} FROM pg_inherits h WHERE h.inhrelid = c.oid AND c.relispartition)`;

const parents = `(SELECT string_agg(h.inhparent::regclass::text, ', ' ORDER BY h.inhseqno) FROM pg_inherits h WHERE h.inhrelid = c.oid)`;

const replicaIdentity = `CASE c.relreplident WHEN 'n' THEN 'NOTHING' WHEN 'f' THEN 'FULL' WHEN 'i' THEN 'USING INDEX ' ||
  coalesce((SELECT i.indexrelid::regclass::text FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident), '?') END`;

const tables: Branch = {
  kind: `CASE c.relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END`,
  schema: 'c.schema',
  name: 'c.name',
  properties: {
    owner: role('c.relowner'),
    persistence,
    ofType: nameBy('regtype', 'c.reloftype'),
    partitionKey: `CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END`,
    partitionOf: `CASE WHEN c.relispartition THEN ${parents} END`,
    partitionBound: 'CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END',
    detachPending,
    inherits: `CASE WHEN NOT c.relispartition THEN ${parents} END`,
    options: options('c.reloptions'),
    toastOptions,
    accessMethod,
    tablespace: tablespace('c.reltablespace'),
    rowSecurity: yesIf('c.relrowsecurity'),
    forceRowSecurity: yesIf('c.relforcerowsecurity'),
    replicaIdentity,
    server: '(SELECT quote_ident(srvname) FROM pg_foreign_server s WHERE s.oid = f.ftserver)',
    foreignOptions: foreignOptions('f.ftoptions'),
  },
  from: `relations c LEFT JOIN pg_foreign_table f ON f.ftrelid = c.oid WHERE c.relkind IN ('r', 'p', 'f')`,
};

const viewColumns = `(SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
  FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0)`;

const views: Branch = {
  kind: `CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END`,
  schema: 'c.schema',
  name: 'c.name',
  properties: {
    owner: role('c.relowner'),
    columns: viewColumns,
    query: 'pg_get_viewdef(c.oid)',
    options: options('c.reloptions'),
    persistence,
    accessMethod: `CASE c.relkind WHEN 'm' THEN ${accessMethod} END`,
    tablespace: tablespace('c.reltablespace'),
    unpopulated: yesIf('NOT c.relispopulated'),
  },
  from: `relations c WHERE c.relkind IN ('v', 'm')`,
};

const sequenceText = `format('AS %s START %s INCREMENT %s MINVALUE %s MAXVALUE %s CACHE %s%s', s.seqtypid::regtype, s.seqstart,
  s.seqincrement, s.seqmin, s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)`;

const sequences: Branch = {
  kind: `'sequence'`,
  schema: 'c.schema',
  name: 'c.name',
  properties: {
    owner: role('c.relowner'),
    options: sequenceText,
    persistence,
    ownedBy: `r.name || '.' || quote_ident(a.attname)`,
  },
  from: `relations c JOIN pg_sequence s ON s.seqrelid = c.oid LEFT JOIN owned o ON o.oid = c.oid
  LEFT JOIN relations r ON r.oid = o.relation LEFT JOIN pg_attribute a ON a.attrelid = o.relation AND a.attnum = o.number
  WHERE o.deptype IS NULL OR o.deptype <> 'i'`,
};

const identity = `CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END ||
  coalesce(' SEQUENCE ' || s.seqrelid::regclass::text || ' ' || ${sequenceText}, '')`;

const expression = 'pg_get_expr(d.adbin, d.adrelid)';

const storage = (letter: string) =>
  `CASE ${letter} WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' WHEN 'x' THEN 'EXTENDED' END`;

/** From 18 on, NOT NULL is a constraint, which has a name, and may be unchecked or not inherited. */
const notNull = (major: number) =>
  major < 18
    ? { text: `'NOT NULL'`, join: '' }
    : {
        text: `coalesce(quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), 'NOT NULL')`,
        join: `LEFT JOIN pg_constraint k ON k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey[1] = a.attnum`,
      };

const columns = (major: number): Branch => ({
  kind: `'column'`,
  schema: 'c.schema',
  of: 'c.name',
  name: 'quote_ident(a.attname)',
  properties: {
    type: 'format_type(a.atttypid, a.atttypmod)',
    collation: `CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END`,
    notNull: `CASE WHEN a.attnotnull THEN ${notNull(major).text} END`,
    default: `CASE WHEN a.attgenerated = '' THEN ${expression} END`,
    generated: `CASE a.attgenerated WHEN 's' THEN 'STORED ' WHEN 'v' THEN 'VIRTUAL ' END || ${expression}`,
    identity,
    storage: `CASE WHEN a.attstorage <> t.typstorage THEN ${storage('a.attstorage')} END`,
    compression: `CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END`,
    statistics: `nullif(a.attstattarget::text, '-1')`,
    options: options('a.attoptions'),
    foreignOptions: foreignOptions('a.attfdwoptions'),
    inherited: `CASE WHEN a.attinhcount > 0 THEN CASE WHEN a.attislocal THEN 'and declared' ELSE 'yes' END END`,
    position: `row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum)`,
  },
  from: `relations c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN owned o ON o.relation = a.attrelid AND o.number = a.attnum AND o.deptype = 'i' LEFT JOIN pg_sequence s ON s.seqrelid = o.oid ${notNull(major).join}
  WHERE c.relkind IN ('r', 'p', 'f') OR (c.relkind = 'v' AND a.atthasdef)`,
});

/** Properties of the index `i` with the class `x` that its definition does not have. */
const indexState = {
  invalid: yesIf('NOT i.indisvalid'),
  notReady: yesIf('NOT i.indisready'),
  clustered: yesIf('i.indisclustered'),
  tablespace: tablespace('x.reltablespace'),
  attachedTo: `(SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = x.oid)`,
  statistics: `(SELECT string_agg(a.attnum || ': ' || a.attstattarget, ', ' ORDER BY a.attnum)
    FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget <> -1)`,
};

const indexes: Branch = {
  kind: `'index'`,
  schema: 'c.schema',
  of: 'c.name',
  name: 'quote_ident(x.relname)',
  properties: { definition: 'pg_get_indexdef(x.oid)', ...indexState },
  from: `relations c JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class x ON x.oid = i.indexrelid
  WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.oid AND k.contype IN ('p', 'u', 'x'))`,
};

/** ALTER TABLE … DISABLE TRIGGER ALL reaches the triggers behind foreign keys, too. */
const constraintTriggers = `(SELECT string_agg(DISTINCT ${state('g.tgenabled')}, ', ') FROM pg_trigger g
  WHERE g.tgconstraint = k.oid AND g.tgisinternal AND g.tgenabled <> 'O')`;

const constraints: Branch = {
  kind: `'constraint'`,
  schema: 'c.schema',
  of: 'c.name',
  name: 'quote_ident(k.conname)',
  properties: {
    definition: 'pg_get_constraintdef(k.oid)',
    notValid: yesIf(`NOT k.convalidated AND pg_get_constraintdef(k.oid) !~ 'NOT (VALID|ENFORCED)'`),
    inherited: `CASE WHEN k.coninhcount > 0 THEN CASE WHEN k.conislocal THEN 'and declared' ELSE 'yes' END END`,
    triggers: constraintTriggers,
    indexOptions: options('x.reloptions'),
    ...indexState,
  },
  from: `relations c JOIN pg_constraint k ON k.conrelid = c.oid
  LEFT JOIN pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x') LEFT JOIN pg_class x ON x.oid = i.indexrelid
  WHERE k.contype IN ('c', 'f', 'p', 'u', 'x')`,
};

/** Triggers that partitions have from their parent are left out, unless their state is another one. */
const isOwnTrigger = `NOT EXISTS (SELECT FROM pg_trigger p WHERE p.oid = g.tgparentid AND p.tgenabled = g.tgenabled)`;

/** Of the trigger that a partition has from its parent: how the parent's fires, as no statement creates or drops one alone. */
const parentState = `(SELECT coalesce(${state('p.tgenabled')}, 'enabled') FROM pg_trigger p WHERE p.oid = g.tgparentid)`;

const triggers: Branch = {
  kind: `'trigger'`,
  schema: 'c.schema',
  of: 'c.name',
  name: 'quote_ident(g.tgname)',
  properties: { definition: 'pg_get_triggerdef(g.oid)', state: state('g.tgenabled'), parentState },
  from: `relations c JOIN pg_trigger g ON g.tgrelid = c.oid AND ${isOwnTrigger}
  WHERE NOT g.tgisinternal OR g.tgparentid <> 0 AND g.tgconstraint = 0`,
};

const rules: Branch = {
  kind: `'rule'`,
  schema: 'c.schema',
  of: 'c.name',
  name: 'quote_ident(r.rulename)',
  properties: { definition: 'pg_get_ruledef(r.oid)', state: state('r.ev_enabled') },
  from: `relations c JOIN pg_rewrite r ON r.ev_class = c.oid WHERE r.rulename <> '_RETURN'`,
};

const policies: Branch = {
  kind: `'policy'`,
  schema: 'c.schema',
  of: 'c.name',
  name: 'quote_ident(p.polname)',
  properties: {
    restrictive: yesIf('NOT p.polpermissive'),
    command: `CASE p.polcmd WHEN '*' THEN 'ALL' WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' ELSE 'DELETE' END`,
    roles: `(SELECT string_agg(${role('x')}, ', ' ORDER BY ${role('x')} COLLATE "C") FROM unnest(p.polroles) x)`,
    using: 'pg_get_expr(p.polqual, p.polrelid)',
    check: 'pg_get_expr(p.polwithcheck, p.polrelid)',
  },
  from: 'relations c JOIN pg_policy p ON p.polrelid = c.oid',
};

const statistics: Branch = {
  kind: `'statistics object'`,
  schema: 'n.name',
  name: 'quote_ident(s.stxname)',
  properties: {
    owner: role('s.stxowner'),
    definition: 'pg_get_statisticsobjdef(s.oid)',
    target: `nullif(s.stxstattarget::text, '-1')`,
  },
  from: 'pg_statistic_ext s JOIN spaces n ON n.oid = s.stxnamespace JOIN relations c ON c.oid = s.stxrelid',
};

/** @param major the server's, such as 18. */
export const relationBranches = (major: number): readonly Branch[] => [
  ...[tables, views, sequences, columns(major), indexes, constraints, triggers, rules, policies, statistics],
];
