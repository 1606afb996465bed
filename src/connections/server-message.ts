/** Translates the server's own ErrorResponse and NoticeResponse, as `pg` and PGlite decode them, into Kat's terms. */

import type { ServerReport } from '../errors.js';
import { outsideText } from '../outside-text.js';
import type { Notice } from './driver.js';

/** The fields of an ErrorResponse or NoticeResponse message. */
export interface ServerMessage {
  message?: string | undefined;
  severity?: string | undefined;
  code?: string | undefined;
  detail?: string | undefined;
  hint?: string | undefined;
  position?: string | undefined;
  where?: string | undefined;
  schema?: string | undefined;
  table?: string | undefined;
  column?: string | undefined;
  constraint?: string | undefined;
  routine?: string | undefined;
}

/** Whether an error came from the server rather than from the network or from Node.js. */
export function isServerMessage(error: unknown): error is ServerMessage & { severity: string; code: string } {
  return (
    error instanceof Object && 'severity' in error && typeof error.severity === 'string' && 'code' in error
  );
}

export function toServerReport(message: ServerMessage): ServerReport {
  const { detail, hint, where, schema, table, column, constraint, position } = message;
  return {
    severity: message.severity ?? 'ERROR',
    sqlstate: message.code ?? 'XX000',
    message: shortText(message.message ?? ''),
    ...printableFields({ detail, hint, where, schema, table, column, constraint }),
    ...(position ? { position: Number(position) } : {}),
  };
}

export function toNotice(message: ServerMessage): Notice {
  const { detail, hint } = message;
  return {
    severity: message.severity ?? 'NOTICE',
    sqlstate: message.code ?? '00000',
    message: shortText(message.message ?? ''),
    ...printableFields({ detail, hint }),
    // The function of PostgreSQL that executes RAISE (pl_exec.c); no language of messages changes its name.
    isRaised: message.routine === 'exec_stmt_raise',
  };
}

function printableFields<K extends string>(
  fields: Record<K, string | undefined>,
): Partial<Record<K, string>> {
  const given = (Object.entries(fields) as [K, string | undefined][]).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, shortText(value)]],
  );
  return Object.fromEntries(given) as Partial<Record<K, string>>;
}

/** Leaves room for the words that an error puts around it. */
function shortText(text: string): string {
  return outsideText(text, 3_500);
}
