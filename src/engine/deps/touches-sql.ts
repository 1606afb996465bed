/** Writes what a program says it touches as SQL that reads and changes any row of these tables. */

import { parseTouch } from '../../graph/touches.js';
import { formatTableName } from '../ledger/table-name.js';

/** @param touches as in metadata.yaml. */
export function touchesSql(touches: readonly string[]): string {
  return touches
    .map((touch) => {
      const { schema, name } = parseTouch(touch);
      const table = formatTableName({ schema, table: name });
      return `INSERT INTO ${table} SELECT * FROM ${table}; DELETE FROM ${table};`;
    })
    .join(' ');
}
