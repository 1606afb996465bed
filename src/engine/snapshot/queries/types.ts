/** Reads types and their constraints, collations, conversions, casts and transforms. */

import { type Branch, isFree, isNew, nameBy, role, yesIf } from './parts.js';

/** A branch for the types of one kind. */
function typeBranch(kind: string, condition: string, properties: Branch['properties'], joins = ''): Branch {
  return {
    kind: `'${kind}'`,
    schema: 't.schema',
    name: 't.name',
    properties: { owner: role('t.typowner'), ...properties },
    from: `types t ${joins} WHERE ${condition}`,
  };
}

const collation = (oid: string, usual: string) =>
  `CASE WHEN ${oid} <> ${usual} AND ${oid} <> 0 THEN ${oid}::regcollation::text END`;

const enums = typeBranch('enum type', `t.typtype = 'e'`, {
  labels: `(SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)`,
});

const attributes = `(SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) ||
    coalesce(' COLLATE ' || ${collation('a.attcollation', 'b.typcollation')}, ''), ', ' ORDER BY a.attnum)
  FROM pg_attribute a JOIN pg_type b ON b.oid = a.atttypid
  WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)`;

const composites = typeBranch('composite type', `t.typtype = 'c'`, { attributes });

const domains = typeBranch(
  'domain',
  `t.typtype = 'd'`,
  {
    type: 'format_type(t.typbasetype, t.typtypmod)',
    collation: collation('t.typcollation', 'b.typcollation'),
    notNull: yesIf('t.typnotnull'),
    default: 'coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault)',
  },
  'JOIN pg_type b ON b.oid = t.typbasetype',
);

const domainConstraints: Branch = {
  kind: `'constraint'`,
  schema: 't.schema',
  of: 't.name',
  name: 'quote_ident(k.conname)',
  properties: { definition: 'pg_get_constraintdef(k.oid)' },
  from: `types t JOIN pg_constraint k ON k.contypid = t.oid AND k.contype = 'c'`,
};

const ranges = typeBranch(
  'range type',
  `t.typtype = 'r'`,
  {
    subtype: 'format_type(r.rngsubtype, NULL)',
    operatorClass: `(SELECT n.nspname || '.' || o.opcname FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace WHERE o.oid = r.rngsubopc)`,
    collation: collation('r.rngcollation', 'b.typcollation'),
    canonical: nameBy('regproc', 'r.rngcanonical'),
    difference: nameBy('regproc', 'r.rngsubdiff'),
    multirange: nameBy('regtype', 'r.rngmultitypid'),
  },
  'JOIN pg_range r ON r.rngtypid = t.oid JOIN pg_type b ON b.oid = r.rngsubtype',
);

const baseTypes = typeBranch('base type', `t.typtype IN ('b', 'p')`, {
  shell: yesIf('NOT t.typisdefined'),
  input: nameBy('regproc', 't.typinput'),
  output: nameBy('regproc', 't.typoutput'),
  receive: nameBy('regproc', 't.typreceive'),
  send: nameBy('regproc', 't.typsend'),
  modifiers: nameBy('regproc', 't.typmodin'),
  length: 't.typlen',
  passedByValue: yesIf('t.typbyval'),
  alignment: 't.typalign',
  storage: 't.typstorage',
  category: 't.typcategory',
  preferred: yesIf('t.typispreferred'),
  delimiter: `nullif(t.typdelim::text, ',')`,
  element: nameBy('regtype', 't.typelem'),
  default: 't.typdefault',
  collatable: yesIf('t.typcollation <> 0'),
});

/** Every property of the catalog's row but those that identify it, and the version of the library. */
const collationProperties = `(SELECT string_agg(e.key || ' ' || e.value, ', ' ORDER BY e.key)
  FROM jsonb_each_text(to_jsonb(c) - '{oid,collname,collnamespace,collowner,collversion}'::text[]) e WHERE e.value IS NOT NULL)`;

const collations: Branch = {
  kind: `'collation'`,
  schema: 'n.name',
  name: 'quote_ident(c.collname)',
  properties: { owner: role('c.collowner'), definition: collationProperties },
  from: `pg_collation c JOIN spaces n ON n.oid = c.collnamespace WHERE ${isFree('pg_collation', 'c.oid')}`,
};

const conversions: Branch = {
  kind: `'conversion'`,
  schema: 'n.name',
  name: 'quote_ident(c.conname)',
  properties: {
    owner: role('c.conowner'),
    from: 'pg_encoding_to_char(c.conforencoding)',
    to: 'pg_encoding_to_char(c.contoencoding)',
    function: 'c.conproc::text',
    default: yesIf('c.condefault'),
  },
  from: `pg_conversion c JOIN spaces n ON n.oid = c.connamespace WHERE ${isFree('pg_conversion', 'c.oid')}`,
};

const casts: Branch = {
  kind: `'cast'`,
  name: `format('(%s AS %s)', format_type(c.castsource, NULL), format_type(c.casttarget, NULL))`,
  properties: {
    function: nameBy('regprocedure', 'c.castfunc'),
    method: `CASE c.castmethod WHEN 'b' THEN 'WITHOUT FUNCTION' WHEN 'i' THEN 'WITH INOUT' END`,
    context: `CASE c.castcontext WHEN 'a' THEN 'AS ASSIGNMENT' WHEN 'i' THEN 'AS IMPLICIT' END`,
  },
  from: `pg_cast c WHERE ${isNew('pg_cast', 'c.oid')} AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = c.oid AND d.deptype = 'i')`,
};

const transforms: Branch = {
  kind: `'transform'`,
  name: `format('for %s language %s', format_type(f.trftype, NULL), (SELECT quote_ident(lanname) FROM pg_language l WHERE l.oid = f.trflang))`,
  properties: {
    fromSql: nameBy('regprocedure', 'f.trffromsql'),
    toSql: nameBy('regprocedure', 'f.trftosql'),
  },
  from: `pg_transform f WHERE ${isNew('pg_transform', 'f.oid')}`,
};

export const typeBranches: readonly Branch[] = [
  ...[enums, composites, domains, domainConstraints, ranges, baseTypes],
  ...[collations, conversions, casts, transforms],
];
