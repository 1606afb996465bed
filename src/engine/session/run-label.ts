/** The comment at the head of what Kat sends during a run: it shows others in `pg_stat_activity` who runs what. */

import type { RunningWork } from '../events.js';
import { clientName } from '../ledger/log.js';

/** The work of a session; empty outside of a migration. */
export type LabelledWork = Omit<RunningWork, 'client' | 'clientPid'>;

/** The comment, which begins and ends no other one, whatever is in the names. */
export function formatLabel(work: LabelledWork = {}): string {
  const label: RunningWork = { client: clientName(), clientPid: process.pid, ...work };
  const text = JSON.stringify(label).replaceAll('/', '\\/');
  return `/* kat ${text.replace(/[^ -~]/g, escapeCharacter)} */`;
}

/** The server may have an encoding that lacks the character. */
function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** @param query as `pg_stat_activity` shows it. @returns undefined without a complete label. */
export function findLabel(query: string): RunningWork | undefined {
  const text = /^\s*\/\* kat (\{[^*]*\}) \*\//.exec(query)?.[1];
  if (text === undefined) return undefined;
  try {
    const label = JSON.parse(text) as object;
    return isRunningWork(label) ? label : undefined;
  } catch {
    return undefined;
  }
}

const kinds: Readonly<Record<keyof RunningWork, 'string' | 'number'>> = {
  client: 'string',
  clientPid: 'number',
  command: 'string',
  migration: 'string',
  direction: 'string',
  statement: 'number',
  statements: 'number',
};

/** Whether it has the fields of a label, and no others. */
export function isRunningWork(label: object): label is RunningWork {
  const entries = Object.entries(label);
  const isKnown = ([name, value]: [string, unknown]) => kinds[name as keyof RunningWork] === typeof value;
  return entries.every(isKnown) && 'client' in label && 'clientPid' in label;
}
