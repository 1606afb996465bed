/** Checks the tracking table, and what the role may do with it and with the tables beside it. */

import type { Session } from '../../connections/driver.js';
import { listIds } from '../../graph/list-ids.js';
import { quoteLiteral } from '../../quote.js';
import { executeInCatalog } from '../ledger/catalog-path.js';
import { findLedger } from '../ledger/find-ledger.js';
import { type Ledger, logTableOf, tableOf } from '../ledger/ledger.js';
import type { DoctorCheck } from './result.js';
import { failed, ok, runCheck, skipped, warning } from './single-check.js';

/** The check, and the table unless it failed. */
interface LedgerCheck {
  check: DoctorCheck;
  ledger: Ledger | undefined;
}

export async function checkTrackingTable(session: Session, tableName: string): Promise<LedgerCheck> {
  let ledger: Ledger | undefined;
  const found = await runCheck('tracking table', async () => {
    ledger = await findLedger(session, tableName);
    if (ledger.shape) return ok(tableOf(ledger));
    return ok(`${tableOf(ledger)} does not exist yet; the first \`kat up\` creates it`);
  });
  return { check: found, ledger };
}

/** Whether this role may record migrations, and owns the tables that they would alter. */
export function checkRights(session: Session, ledger: Ledger | undefined): Promise<DoctorCheck> {
  return runCheck('rights', async () => {
    if (session.sqlite) return skipped('SQLite has no roles');
    if (!ledger) return skipped('the tracking table cannot be used');
    const missing = await findMissingRights(session, ledger);
    if (missing.length > 0)
      return failed(
        `this role lacks ${missing.join(', ')}`,
        'Grant it, or run the migrations as the role that owns the schema.',
      );
    const foreign = await findForeignTables(session, ledger.name.schema);
    if (foreign.length === 0) return ok('may record migrations, and owns the tables of the schema');
    return warning(
      `may record migrations, but other roles own ${listIds(foreign)}`,
      'Only their owners can alter these tables. Run the migrations as that role, or as a member of it.',
    );
  });
}

async function findMissingRights(session: Session, ledger: Ledger): Promise<string[]> {
  const schema = quoteLiteral(ledger.name.schema);
  const wanted = [
    ...(ledger.shape ? rightsOn(tableOf(ledger), ['SELECT', 'INSERT', 'DELETE']) : []),
    ...(ledger.hasLog ? rightsOn(logTableOf(ledger), ['SELECT', 'INSERT']) : []),
    ...(ledger.shape && ledger.hasLog
      ? []
      : [
          {
            name: `CREATE on schema ${ledger.name.schema}`,
            sql: `pg_catalog.has_schema_privilege(${schema}, 'CREATE')`,
          },
        ]),
  ];
  const [result] = await session.execute(
    `SELECT ${wanted.map(({ sql }, index) => `${sql} AS r${index}`).join(', ')}`,
  );
  return wanted.flatMap(({ name }, index) => (result?.rows[0]?.[`r${index}`] === 't' ? [] : [name]));
}

function rightsOn(table: string, rights: readonly string[]) {
  return rights.map((right) => ({
    name: `${right} on ${table}`,
    sql: `pg_catalog.has_table_privilege(${quoteLiteral(table)}, '${right}')`,
  }));
}

/** The first tables of a schema that this role does not own, also not as a member. */
async function findForeignTables(session: Session, schema: string): Promise<string[]> {
  const [result] = await executeInCatalog(
    session,
    `SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ${quoteLiteral(schema)} AND c.relkind IN ('r', 'p')
       AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE') ORDER BY 1 LIMIT 100`,
  );
  return (result?.rows ?? []).map(({ relname }) => relname ?? '');
}
