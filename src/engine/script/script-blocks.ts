/** The DO blocks around a script's migrations: they hold the runner's lock, refuse what must not happen, and tell how far it is. */

import { createHash } from 'node:crypto';
import { counted } from '../../graph/counted.js';
import { quoteDollar, quoteLiteral } from '../../quote.js';
import { type Ledger, logTableOf, tableOf } from '../ledger/ledger.js';
import { isSettled } from '../ledger/log.js';
import { eq, gt, ne } from '../ledger/operators.js';
import { fireDeferred, type ProvenWrite, unprovenHelp } from '../ledger/proof.js';
import { transactionMark } from '../run/transaction-message.js';
import { lockKey } from '../session/lock.js';

/** A setting that says that the script's beginning went well, and then that its last step did. */
export const openedMark = 'kat.script';
/** A setting with the instant at which the migration began, in seconds since 1970: no DateStyle changes how it is read. */
export const startMark = 'kat.started';

/** One statement that does what PL/pgSQL says. */
export function doBlock(body: string, declarations: readonly string[] = []): string {
  const declare = declarations.length > 0 ? ['DECLARE', ...declarations.map((line) => `  ${line};`)] : [];
  return `DO ${quoteDollar(['', ...declare, 'BEGIN', body, 'END', ''].join('\n'))};`;
}

/** @param condition of the refusal, as SQL. @param words `detail` as SQL, the others as texts. */
export function raiseException(
  condition: string,
  words: { message: string; detail?: string; hint: string },
): string {
  const given = Object.entries({ message: quoteLiteral(words.message), detail: words.detail });
  const using = given.flatMap(([name, value]) => (value ? [`${name} = ${value}`] : []));
  return `  IF ${condition} THEN
    RAISE EXCEPTION USING errcode = 'object_not_in_prerequisite_state',
      ${[...using, `hint = ${quoteLiteral(words.hint)}`].join(',\n      ')};
  END IF;`;
}

/** A write into Kat's tables, and a look whether it is there behind what was deferred to the end of the transaction. */
export function provenWrite({ sql, proof, words }: ProvenWrite): string[] {
  const look = raiseException(`NOT ${proof}`, { message: `kat: ${words}`, hint: unprovenHelp });
  return [`${sql};`, doBlock(`  ${fireDeferred};\n${look}`)];
}

/**
 * Both keys, as a run holds them. They stay until the script or its session ends; taking one again takes it once more.
 * Polling needs a program, so a second script stops at once.
 */
export function takeLock({ name }: Ledger): string {
  const taken = (['runner', 'work'] as const).map(
    (purpose) => `pg_catalog.pg_try_advisory_lock(${lockKey(name, purpose)})`,
  );
  return raiseException(`NOT (${taken.join(' AND ')})`, {
    message: 'kat: another runner holds the lock',
    hint: 'Run the script again when it has finished.',
  });
}

/** The lock alone, for when a statement may have let it go. */
export function lockBlock(ledger: Ledger): string {
  return doBlock(takeLock(ledger));
}

/**
 * Stands behind the opening and behind each step: what runs outside of a transaction is refused unless its guard has let it
 * through, even where a client goes on after an error.
 */
export const readOnly = 'SET default_transaction_read_only = on;';

const writable = "  PERFORM pg_catalog.set_config('default_transaction_read_only', 'off', false);";

/** The expected state that a step's guard checks. */
export interface Guard {
  ledger: Ledger;
  id: string;
  direction: 'up' | 'down';
  /** The line in the output: `2 of 5: up 1679012345_create_users`. */
  title: string;
  /** The step before it, which must have happened; undefined for the first. */
  before: { id: string; direction: 'up' | 'down' } | undefined;
  /** Ids of all rows of the tracking table by then. */
  applied: readonly string[];
  /** For a migration that runs statement by statement: how many of them are done already. */
  finished?: number;
}

/** Stands before a migration: it stops what a client goes on with although something before it has failed. */
export function guardBlock(guard: Guard): string {
  const { ledger, id, title, finished } = guard;
  return doBlock(
    [
      takeLock(ledger),
      raiseException(isNotReady(guard), {
        message: `kat: ${title} does not run, because an earlier part of the script did not succeed`,
        hint: 'Look for the first error of the script.',
      }),
      raiseException(`${appliedHash(ledger)} ${ne} '${hashIds(guard.applied)}'`, {
        message: `kat: ${title} does not run, because other migrations were applied or rolled back since the script began`,
        hint: 'Make a new script with `kat plan --sql`.',
      }),
      ...(finished === undefined ? [] : [refuseOtherJournal(guard, finished)]),
      `  PERFORM pg_catalog.set_config('${transactionMark}', ${quoteLiteral(id)}, true),
          pg_catalog.set_config('${startMark}', extract(epoch FROM pg_catalog.clock_timestamp())::pg_catalog.text, true);`,
      ...(finished === undefined ? [] : [writable]),
      `  RAISE INFO USING message = ${quoteLiteral(`kat: ${title}`)};`,
    ].join('\n'),
  );
}

/** The ids in the order of their bytes, which is the same in every encoding and collation of a server. */
function hashIds(ids: readonly string[]): string {
  const sorted = [...new Set(ids)].map((id) => Buffer.from(id)).sort(Buffer.compare);
  return createHash('sha256').update(sorted.map(String).join('\n')).digest('hex');
}

/** The same of the tracking table, as SQL. */
function appliedHash(ledger: Ledger): string {
  const ids = `SELECT DISTINCT pg_catalog.convert_to(name, 'UTF8') AS id FROM ${tableOf(ledger)}`;
  return `pg_catalog.encode(pg_catalog.sha256(coalesce((
        SELECT pg_catalog.string_agg(id, pg_catalog.decode('0a', 'hex') ORDER BY id) FROM (${ids}) ids), pg_catalog.decode('', 'hex'))), 'hex')`;
}

function isNotReady({ ledger, before }: Guard): string {
  if (!before) return `coalesce(pg_catalog.current_setting('${openedMark}', true), '') ${ne} 'opened'`;
  const isNot = before.direction === 'up' ? 'NOT EXISTS' : 'EXISTS';
  return `${isNot} (SELECT FROM ${tableOf(ledger)} WHERE name ${eq} ${quoteLiteral(before.id)})`;
}

function refuseOtherJournal({ ledger, id, direction }: Guard, finished: number): string {
  const log = logTableOf(ledger);
  const name = quoteLiteral(id);
  const entries = `SELECT FROM ${log} WHERE migration ${eq} ${name} AND direction ${eq} ${quoteLiteral(direction)}
      AND id ${gt} coalesce((SELECT pg_catalog.max(id) FROM ${log} WHERE migration ${eq} ${name} AND ${isSettled}), 0)`;
  const beyond = `EXISTS (${entries}
      AND outcome ${eq} ANY (ARRAY['statement started', 'statement finished']) AND statement ${gt} ${finished})`;
  const lacking = `NOT EXISTS (${entries}
      AND outcome ${eq} 'statement finished' AND statement ${eq} ${finished})`;
  return raiseException(finished === 0 ? beyond : `${beyond} OR ${lacking}`, {
    message: `kat: ${id} stopped half way, but not at the statement this script was made for`,
    hint: 'Finish it with `kat up` or `kat down`, or make the script again.',
  });
}

/** Stands behind a migration's own SQL: it must not have ended its transaction. */
export function transactionBlock(id: string): string {
  return doBlock(
    raiseException(
      `coalesce(pg_catalog.current_setting('${transactionMark}', true), '') ${ne} ${quoteLiteral(id)}`,
      {
        message: `kat: ${id} ended the transaction that the script opened`,
        hint: 'Remove transaction control from its SQL.',
      },
    ),
  );
}

/** Stands behind a statement that makes an index: `IF NOT EXISTS` keeps a broken one with nothing but a notice. */
export function validIndexBlock(table: string, index: string): string {
  return doBlock(
    raiseException(
      `EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid ${eq} i.indexrelid
      WHERE i.indrelid ${eq} pg_catalog.to_regclass(${quoteLiteral(table)})::pg_catalog.oid AND c.relname ${eq} ${quoteLiteral(index)}
        AND NOT i.indisvalid)`,
      {
        message: `kat: the index ${index} is invalid after it was built`,
        hint: `Drop it with DROP INDEX CONCURRENTLY, and finish with \`kat up\`.`,
      },
    ),
  );
}

/** Stands in the last transaction of the script: it counts only if that commits. */
export const markFinished = `SET ${openedMark} = 'finished';`;

/** Says behind that transaction, before the settings are reset, whether the script has done everything. */
export function resultBlock(steps: number): string {
  return doBlock(
    [
      raiseException(`coalesce(pg_catalog.current_setting('${openedMark}', true), '') ${ne} 'finished'`, {
        message: 'kat: the script did not finish, because an earlier part of it failed',
        hint: 'Look for the first error of the script. `kat status` lists the applied migrations.',
      }),
      `  RAISE INFO USING message = 'kat: done, ${counted(steps, 'step')}';`,
    ].join('\n'),
  );
}

/** The end: gives the locks back. */
export function closingBlock(): string {
  return doBlock(['  PERFORM pg_catalog.pg_advisory_unlock_all();', writable].join('\n'));
}
