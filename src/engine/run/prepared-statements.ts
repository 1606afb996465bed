/** Prepares the statements that a run sends for every migration once in its session, and executes them with other values. */

import { quoteLiteral, quoteTextArray } from '../../quote.js';
import type { ValueWriter } from '../ledger/values.js';

/** The values of one message, and the statements that use them. */
interface PreparedMessage {
  values: ValueWriter;
  /** @returns EXECUTE with the values that this statement has; before it PREPARE, where the session has not prepared it. */
  execute(statement: string): string[];
}

/** What one session has prepared since it was last reset. */
export interface PreparedStatements {
  readonly isEmpty: boolean;
  /** How many messages have been started since then. */
  readonly messages: number;
  startMessage(): PreparedMessage;
  /** Call it when the session was reset. */
  clear(): void;
}

/** The statement that a session forgets all of them with. */
export const forgetPrepared = 'DEALLOCATE ALL';

/** A value in a statement that is not prepared yet. No SQL has a zero byte. */
const valuePlace = /\0(\d+)\0/g;

/** Statements of one text are one prepared statement. */
export function createPreparedStatements(): PreparedStatements {
  const names = new Map<string, string>();
  let messages = 0;
  const startMessage = (): PreparedMessage => {
    messages += 1;
    const written: string[] = [];
    const place = (literal: string, type: string) => `\0${written.push(literal) - 1}\0::pg_catalog.${type}`;
    return {
      values: {
        text: (value) => (value === undefined ? 'NULL' : place(quoteLiteral(value), 'text')),
        texts: (values) => place(quoteTextArray(values), 'text[]'),
        tables: (ledger, log) => `(SELECT ${constantOid(ledger)} AS l, ${constantOid(log)} AS g) AS tables`,
      },
      execute: (statement) => {
        const used: string[] = [];
        const text = statement.replace(valuePlace, (_, index: string) => {
          const literal = written[Number(index)] as string;
          const known = used.indexOf(literal);
          return `$${known < 0 ? used.push(literal) : known + 1}`;
        });
        const known = names.get(text);
        const name = known ?? `kat_${names.size + 1}`;
        names.set(text, name);
        const values = used.length === 0 ? '' : `(${used.join(', ')})`;
        return [...(known ? [] : [`PREPARE ${name} AS ${text}`]), `EXECUTE ${name}${values}`];
      },
    };
  };
  return {
    get isEmpty() {
      return names.size === 0;
    },
    get messages() {
      return messages;
    },
    startMessage,
    clear: () => {
      names.clear();
      messages = 0;
    },
  };
}

/** The server looks it up when it plans the statement, and again after the table was replaced. */
function constantOid(table: string): string {
  return `${quoteLiteral(table)}::pg_catalog.regclass::pg_catalog.oid`;
}
