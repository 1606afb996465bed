/** Translates the server's own ErrorResponse and NoticeResponse, as `pg` and PGlite decode them, into Kat's terms. */

import type { ServerReport } from '../errors.js';
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
    message: message.message ?? '',
    ...present({ detail, hint, where, schema, table, column, constraint }),
    ...(position ? { position: Number(position) } : {}),
  };
}

export function toNotice(message: ServerMessage): Notice {
  const { detail, hint } = message;
  return {
    severity: message.severity ?? 'NOTICE',
    sqlstate: message.code ?? '00000',
    message: message.message ?? '',
    ...present({ detail, hint }),
  };
}

function present<K extends string>(fields: Record<K, string | undefined>): Partial<Record<K, string>> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Record<K, string>>;
}
