/** The lock under which one process builds a template, and the others wait. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../../connections/driver.js';

/** Of the names of templates. */
export const templatePattern = '^kat_template_[0-9a-f]{16}$';

export function templateName(hash: string): string {
  return `kat_template_${hash.slice(0, 16)}`;
}

/** @returns whether this session has it now. */
export async function tryTemplateLock(session: Session, name: string): Promise<boolean> {
  const [result] = await session.execute(
    `SELECT pg_catalog.pg_try_advisory_lock(${lockKeyOf(name)}) AS is_taken`,
  );
  return result?.rows[0]?.is_taken === 't';
}

/** Polls: who waits inside of the lock would hold a snapshot, which an index that is built concurrently waits for. */
export async function takeTemplateLock(session: Session, name: string): Promise<void> {
  while (!(await tryTemplateLock(session, name))) await sleep(20 + Math.random() * 60);
}

export async function unlockTemplate(session: Session, name: string): Promise<void> {
  await session.execute(`SELECT pg_catalog.pg_advisory_unlock(${lockKeyOf(name)})`);
}

function lockKeyOf(name: string): string {
  return BigInt.asIntN(64, BigInt(`0x${name.slice(-16)}`)).toString();
}
