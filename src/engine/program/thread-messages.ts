/** The messages between Kat and the thread of a program. Those of the thread may be anything: the program can send them itself. */

import type { PackedValue, QueryTemplate } from './query-text.js';
import type { ThreadFailure } from './thread-failures.js';

/** A query that the thread asks for. */
export interface ThreadQuery extends QueryTemplate {
  number: number;
  keepsRows: boolean;
  /** Of the call, for its place in the file. */
  stack: string;
}

/** What the thread is told about a query. */
export type ThreadAnswer = { result: unknown } | { failure: { message: string; [field: string]: unknown } };

export type ThreadMessage =
  | ({ kind: 'query' } & ThreadQuery)
  | { kind: 'log'; text: string }
  | { kind: 'done'; openQueries: number }
  | ({ kind: 'failed' } & ThreadFailure);

/** @returns undefined for what is no message of the thread's script. */
export function readThreadMessage(sent: unknown): ThreadMessage | undefined {
  const message = asFields(sent);
  if (!message) return undefined;
  return isComplete(message) ? (message as unknown as ThreadMessage) : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
}

function isComplete({ kind, ...fields }: Fields): boolean {
  switch (kind) {
    case 'query':
      return isQuery(fields);
    case 'log':
      return typeof fields.text === 'string';
    case 'done':
      return typeof fields.openQueries === 'number';
    case 'failed':
      return isFailure(fields);
    default:
      return false;
  }
}

function isQuery({ number, keepsRows, stack, texts, values }: Fields): boolean {
  const isTemplate = Array.isArray(texts) && Array.isArray(values) && texts.length === values.length + 1;
  return (
    isTemplate &&
    texts.every((text) => typeof text === 'string') &&
    values.every(isValue) &&
    typeof number === 'number' &&
    typeof keepsRows === 'boolean' &&
    typeof stack === 'string'
  );
}

function isValue(value: unknown): value is PackedValue {
  const fields = asFields(value);
  return fields?.kind === 'value' || (fields?.kind === 'identifier' && typeof fields.name === 'string');
}

function isFailure({ message, stack, name, code, query }: Fields): boolean {
  const isText = (value: unknown) => value === undefined || typeof value === 'string';
  const isNumber = query === undefined || typeof query === 'number';
  return typeof message === 'string' && typeof stack === 'string' && isText(name) && isText(code) && isNumber;
}
