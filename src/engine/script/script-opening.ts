/** Writes the start of a script: the lock, a check of the applied migrations, and Kat's own tables. */

import { quoteLiteral } from '../../quote.js';
import { createLedgerTable } from '../ledger/create-ledger.js';
import { trackingTables } from '../ledger/find-ledger.js';
import { type Ledger, logTableOf, tableOf } from '../ledger/ledger.js';
import type { LedgerShape } from '../ledger/ledger-shape.js';
import { createLogTable } from '../ledger/log.js';
import { eq, ne } from '../ledger/operators.js';
import { formatTableName } from '../ledger/table-name.js';
import { doBlock, openedMark, raiseException, takeLock } from './script-blocks.js';

/** The tracking table as it is, or is to be created. */
export type ScriptLedger = Ledger & { shape: LedgerShape };

export interface Opening {
  ledger: ScriptLedger;
  /** Whether the tracking table is where the session's search path says, and not in a schema that was named. */
  isFound: boolean;
  /** Ids of what must be applied, and nothing else. */
  applied: readonly string[];
  /** Whether psql runs it, which sends one message for each statement. */
  isForPsql: boolean;
}

/** Takes the lock, compares the database with what the plan was made for, and creates Kat's tables where they are missing. */
export function openingBlock({ ledger, isFound, applied, isForPsql }: Opening): string {
  const body = [
    ...(isForPsql ? [refuseTransaction] : []),
    ...loseRole,
    takeLock(ledger),
    ...(isFound ? [refuseOtherTables(ledger)] : []),
    compareApplied(ledger),
    createMissing(ledger),
    `  PERFORM pg_catalog.set_config('${openedMark}', 'opened', false);`,
  ];
  return doBlock(body.join('\n'), [
    'login pg_catalog.name := current_user',
    `planned pg_catalog.text[] := ${listOf(applied)}`,
    "applied pg_catalog.text[] := '{}'",
    'other pg_catalog.text',
    'lacking pg_catalog.text',
    'shape pg_catalog.text',
  ]);
}

function listOf(ids: readonly string[]): string {
  if (ids.length === 0) return "'{}'";
  return `ARRAY[\n    ${ids.map(quoteLiteral).join(',\n    ')}\n  ]`;
}

/** `psql --single-transaction`, or a BEGIN before the script. */
const refuseTransaction = raiseException(`pg_catalog.now() ${ne} pg_catalog.statement_timestamp()`, {
  message: 'kat: this script opens its own transactions, but it was started inside a transaction',
  hint: 'Run it without --single-transaction.',
});

/** After the first migration the role would be lost, and the second belong to somebody else. */
const loseRole = [
  '  RESET SESSION AUTHORIZATION;',
  '  RESET ROLE;',
  raiseException(`current_user ${ne} login`, {
    message: 'kat: this session changed its role with SET ROLE, which each migration resets',
    hint: "Set the role at connection time, as in PGOPTIONS='-c role=owner' psql …, or connect as that role.",
  }),
];

/** The same rule as a run's: the only one on the search path, or none anywhere. */
function refuseOtherTables({ name }: Ledger): string {
  const table = formatTableName(name);
  const onPath = `n.nspname ${eq} ANY (pg_catalog.current_schemas(false))`;
  const hint = `Name its schema in the configuration, as in \`tablename: ${name.schema}.${name.table}\`, and make the script again.`;
  return `  SELECT pg_catalog.string_agg(n.nspname, ', ') INTO other
    ${trackingTables(name.table)} AND n.nspname ${ne} ${quoteLiteral(name.schema)}
      AND (pg_catalog.to_regclass(${quoteLiteral(table)}) IS NULL OR ${onPath});
${raiseException('other IS NOT NULL', {
  message: `kat: this script was made for the tracking table ${table}, but another one exists`,
  detail: "pg_catalog.concat('It is in the schema ', other)",
  hint,
})}
${raiseException(
  `pg_catalog.to_regclass(${quoteLiteral(table)}) IS NULL AND coalesce(pg_catalog.current_schema(), '') ${ne} ${quoteLiteral(name.schema)}`,
  {
    message: `kat: this script was made for a tracking table in schema ${name.schema}, which is not the first of the search path`,
    hint,
  },
)}
${raiseException(`NOT (${quoteLiteral(name.schema)} ${eq} ANY (pg_catalog.current_schemas(false)))`, {
  message: `kat: this script was made for a tracking table in schema ${name.schema}, which is not on the search path`,
  hint,
})}`;
}

function compareApplied(ledger: ScriptLedger): string {
  const table = tableOf(ledger);
  const { duration, time } = ledger.shape;
  const relation = `pg_catalog.to_regclass(${quoteLiteral(table)})`;
  return `  IF ${relation} IS NOT NULL THEN
    SELECT pg_catalog.string_agg(CASE WHEN atttypid ${eq} 'pg_catalog.interval'::pg_catalog.regtype::pg_catalog.oid THEN 'interval'
        WHEN atttypid ${eq} 'pg_catalog.timestamptz'::pg_catalog.regtype::pg_catalog.oid THEN 'timestamptz'
        WHEN atttypid ${eq} 'pg_catalog.timestamp'::pg_catalog.regtype::pg_catalog.oid THEN 'timestamp' ELSE 'integer' END, ' ' ORDER BY attname) INTO shape
    FROM pg_catalog.pg_attribute
    WHERE attrelid ${eq} ${relation}::pg_catalog.oid AND attname ${eq} ANY (ARRAY['duration', 'migration_time']::pg_catalog.name[]) AND NOT attisdropped;
    IF coalesce(shape, '') ${ne} ${quoteLiteral(`${duration} ${time}`)} THEN
      RAISE EXCEPTION USING errcode = 'object_not_in_prerequisite_state',
        message = ${quoteLiteral(`kat: ${table} is not the tracking table that this script was made for`)},
        hint = 'Make the script again with \`kat plan --sql\` while this database can be reached.';
    END IF;
    SELECT coalesce(pg_catalog.array_agg(name::pg_catalog.text ORDER BY id), '{}') INTO applied FROM ${table};
  END IF;
${difference('other', 'applied', 'planned')}
${difference('lacking', 'planned', 'applied')}
${raiseException('other IS NOT NULL OR lacking IS NOT NULL', {
  message: 'kat: this script was made for other applied migrations',
  detail: `pg_catalog.concat_ws('. ', CASE WHEN other IS NOT NULL THEN pg_catalog.concat('Applied, but not when the script was made: ', other) END,
        CASE WHEN lacking IS NOT NULL THEN pg_catalog.concat('Not applied, but when the script was made: ', lacking) END)`,
  hint: 'Make the script again with `kat plan --sql`.',
})}`;
}

/** Enough names to know what happened. */
function difference(into: string, left: string, right: string): string {
  return `  SELECT pg_catalog.string_agg(id, ', ') INTO ${into} FROM (
    SELECT id FROM pg_catalog.unnest(${left}) id EXCEPT SELECT id FROM pg_catalog.unnest(${right}) id ORDER BY 1 LIMIT 20
  ) ids;`;
}

/** IF NOT EXISTS would want the right to create even where the tables exist. */
function createMissing(ledger: ScriptLedger): string {
  const tables = [
    [tableOf(ledger), createLedgerTable(ledger, ledger.shape)],
    [logTableOf(ledger), createLogTable(logTableOf(ledger))],
  ] as const;
  return tables
    .map(
      ([name, create]) =>
        `  IF pg_catalog.to_regclass(${quoteLiteral(name)}) IS NULL THEN\n    ${create.replaceAll('\n', '\n    ')};\n  END IF;`,
    )
    .join('\n');
}
