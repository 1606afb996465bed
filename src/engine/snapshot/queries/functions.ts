/** Reads functions, operators, languages and access methods. */

import { type Branch, isFree, isNew, nameBy, role, yesIf } from './parts.js';

const functions: Branch = {
  kind: 'p.kind',
  schema: 'p.schema',
  name: 'p.name',
  properties: { owner: role('p.proowner'), definition: 'pg_get_functiondef(p.oid)' },
  from: `functions p WHERE p.prokind <> 'a'`,
};

const aggregates: Branch = {
  kind: 'p.kind',
  schema: 'p.schema',
  name: 'p.name',
  properties: {
    owner: role('p.proowner'),
    arguments: 'pg_get_function_arguments(p.oid)',
    returns: 'format_type(p.prorettype, NULL)',
    kind: `CASE a.aggkind WHEN 'o' THEN 'ordered-set' WHEN 'h' THEN 'hypothetical-set' END`,
    stateFunction: 'a.aggtransfn::text',
    stateType: 'format_type(a.aggtranstype, NULL)',
    stateSize: `nullif(a.aggtransspace::text, '0')`,
    initialState: 'a.agginitval',
    finalFunction: nameBy('regproc', 'a.aggfinalfn'),
    finalExtra: yesIf('a.aggfinalextra'),
    finalModify: `CASE a.aggkind WHEN 'n' THEN nullif(a.aggfinalmodify, 'r') ELSE nullif(a.aggfinalmodify, 'w') END`,
    combineFunction: nameBy('regproc', 'a.aggcombinefn'),
    serialFunction: nameBy('regproc', 'a.aggserialfn'),
    deserialFunction: nameBy('regproc', 'a.aggdeserialfn'),
    movingStateFunction: nameBy('regproc', 'a.aggmtransfn'),
    movingInverseFunction: nameBy('regproc', 'a.aggminvtransfn'),
    movingStateType: 'CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END',
    movingInitialState: 'a.aggminitval',
    movingFinalFunction: nameBy('regproc', 'a.aggmfinalfn'),
    sortOperator: nameBy('regoperator', 'a.aggsortop'),
    parallel: `nullif(p.proparallel, 'u')`,
  },
  from: 'functions p JOIN pg_aggregate a ON a.aggfnoid = p.oid',
};

const operand = (oid: string) => `CASE ${oid} WHEN 0 THEN 'NONE' ELSE format_type(${oid}, NULL) END`;

const operators: Branch = {
  kind: `'operator'`,
  schema: 'n.name',
  name: `format('%s(%s,%s)', o.oprname, ${operand('o.oprleft')}, ${operand('o.oprright')})`,
  properties: {
    owner: role('o.oprowner'),
    function: `CASE WHEN o.oprcode = 0 THEN 'none: a shell' ELSE o.oprcode::text END`,
    returns: 'CASE WHEN o.oprresult <> 0 THEN format_type(o.oprresult, NULL) END',
    commutator: nameBy('regoperator', 'o.oprcom'),
    negator: nameBy('regoperator', 'o.oprnegate'),
    restrict: nameBy('regproc', 'o.oprrest'),
    join: nameBy('regproc', 'o.oprjoin'),
    hashes: yesIf('o.oprcanhash'),
    merges: yesIf('o.oprcanmerge'),
  },
  from: `pg_operator o JOIN spaces n ON n.oid = o.oprnamespace WHERE ${isFree('pg_operator', 'o.oid')}`,
};

const method = (oid: string) => `(SELECT quote_ident(amname) FROM pg_am m WHERE m.oid = ${oid})`;

const familyMembers = `(SELECT string_agg(x.text, ', ' ORDER BY x.text COLLATE "C") FROM (
  SELECT format('operator %s %s%s', o.amopstrategy, o.amopopr::regoperator,
           CASE o.amoppurpose WHEN 'o' THEN ' for order by' ELSE '' END) AS text FROM pg_amop o WHERE o.amopfamily = f.oid
  UNION ALL
  SELECT format('function %s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, NULL), format_type(p.amprocrighttype, NULL),
           p.amproc::regprocedure) FROM pg_amproc p WHERE p.amprocfamily = f.oid) x)`;

const families: Branch = {
  kind: `'operator family'`,
  schema: 'n.name',
  name: `quote_ident(f.opfname) || ' using ' || ${method('f.opfmethod')}`,
  properties: { owner: role('f.opfowner'), members: familyMembers },
  from: `pg_opfamily f JOIN spaces n ON n.oid = f.opfnamespace WHERE ${isFree('pg_opfamily', 'f.oid')}`,
};

const classes: Branch = {
  kind: `'operator class'`,
  schema: 'n.name',
  name: `quote_ident(c.opcname) || ' using ' || ${method('c.opcmethod')}`,
  properties: {
    owner: role('c.opcowner'),
    type: 'format_type(c.opcintype, NULL)',
    stores: 'CASE WHEN c.opckeytype <> 0 THEN format_type(c.opckeytype, NULL) END',
    default: yesIf('c.opcdefault'),
    family: `(SELECT quote_ident(s.nspname) || '.' || quote_ident(f.opfname) FROM pg_opfamily f
      JOIN pg_namespace s ON s.oid = f.opfnamespace WHERE f.oid = c.opcfamily)`,
  },
  from: `pg_opclass c JOIN spaces n ON n.oid = c.opcnamespace WHERE ${isFree('pg_opclass', 'c.oid')}`,
};

const languages: Branch = {
  kind: `'language'`,
  name: 'quote_ident(l.lanname)',
  properties: {
    owner: role('l.lanowner'),
    trusted: yesIf('l.lanpltrusted'),
    handler: nameBy('regproc', 'l.lanplcallfoid'),
    inline: nameBy('regproc', 'l.laninline'),
    validator: nameBy('regproc', 'l.lanvalidator'),
  },
  from: `pg_language l WHERE ${isNew('pg_language', 'l.oid')}`,
};

const accessMethods: Branch = {
  kind: `'access method'`,
  name: 'quote_ident(a.amname)',
  properties: { type: `CASE a.amtype WHEN 'i' THEN 'INDEX' ELSE 'TABLE' END`, handler: 'a.amhandler::text' },
  from: `pg_am a WHERE ${isNew('pg_am', 'a.oid')}`,
};

const eventTriggers: Branch = {
  kind: `'event trigger'`,
  name: 'quote_ident(e.evtname)',
  properties: {
    owner: role('e.evtowner'),
    event: 'e.evtevent',
    function: 'e.evtfoid::regprocedure::text',
    tags: `(SELECT string_agg(x, ', ' ORDER BY x COLLATE "C") FROM unnest(e.evttags) x)`,
    state: `CASE e.evtenabled WHEN 'O' THEN NULL ELSE e.evtenabled::text END`,
  },
  from: `pg_event_trigger e WHERE ${isNew('pg_event_trigger', 'e.oid')}`,
};

const extensions: Branch = {
  kind: `'extension'`,
  name: 'quote_ident(e.extname)',
  properties: { schema: '(SELECT quote_ident(nspname) FROM pg_namespace n WHERE n.oid = e.extnamespace)' },
  from: 'pg_extension e',
};

const schemas: Branch = {
  kind: `'schema'`,
  name: 'n.name',
  properties: { owner: role('n.nspowner') },
  from: 'spaces n',
};

/** Publications have columns, filters and schemas from 15 on, and generated columns from 18 on. */
function publications(major: number): Branch {
  const details =
    major < 15
      ? `''`
      : `coalesce(' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname COLLATE "C") FROM pg_attribute a
          WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)) || ')', '') ||
        coalesce(' WHERE ' || pg_get_expr(r.prqual, r.prrelid), '')`;
  const tables = `(SELECT string_agg(r.prrelid::regclass::text || ${details}, ', ' ORDER BY r.prrelid::regclass::text COLLATE "C")
    FROM pg_publication_rel r WHERE r.prpubid = p.oid)`;
  const schemaNames = `(SELECT string_agg(quote_ident(s.nspname), ', ' ORDER BY s.nspname COLLATE "C")
    FROM pg_publication_namespace r JOIN pg_namespace s ON s.oid = r.pnnspid WHERE r.pnpubid = p.oid)`;
  return {
    kind: `'publication'`,
    name: 'quote_ident(p.pubname)',
    properties: {
      owner: role('p.pubowner'),
      allTables: yesIf('p.puballtables'),
      tables,
      ...(major < 15 ? {} : { schemas: schemaNames }),
      publish: `concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
        CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)`,
      viaRoot: yesIf('p.pubviaroot'),
      ...(major < 18 ? {} : { generatedColumns: `nullif(p.pubgencols, 'n')` }),
    },
    from: `pg_publication p WHERE ${isNew('pg_publication', 'p.oid')}`,
  };
}

/** @param major the server's, such as 18. */
export const programBranches = (major: number): readonly Branch[] => [
  ...[schemas, extensions, languages, accessMethods, functions, aggregates, operators, families, classes],
  ...[eventTriggers, publications(major)],
];
