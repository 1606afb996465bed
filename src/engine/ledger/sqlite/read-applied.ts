/** Reads the tracking table of a SQLite database, whether this Kat or Go's has written it. */

import type { Session } from '../../../connections/driver.js';
import { KatError } from '../../../errors.js';
import { parseGoDuration, parseGoTime } from './go-values.js';
import { appliedSql } from './ledger-sql.js';

/** One row, as `readApplied` returns it. */
interface AppliedRow {
  id: string;
  appliedAt: string;
  durationMs: number;
}

/** The applied migrations, in recorded order. @param table its name as SQL. */
export async function readSqliteApplied(session: Session, table: string): Promise<AppliedRow[]> {
  const [result] = await session.execute(appliedSql(table));
  return (result?.rows ?? []).map(({ name, applied_at, duration }) => ({
    id: name ?? '',
    appliedAt: parseGoTime(applied_at ?? ''),
    durationMs: readDuration(name ?? '', duration ?? ''),
  }));
}

function readDuration(id: string, text: string): number {
  const ms = parseGoDuration(text);
  if (!Number.isNaN(ms)) return ms;
  throw new KatError(
    'LEDGER_MISMATCH',
    `the row of ${id} has the duration ${JSON.stringify(text)}, which is none`,
    {
      help: 'Write one such as 15ms into the tracking table.',
    },
  );
}
