/** Asks for confirmation on the terminal, and names the flag that confirms in scripts. */

import { createInterface, type Interface } from 'node:readline/promises';
import { KatError } from '../errors.js';
import type { Context } from './context.js';

/** The flag that answers yes. */
export const yesOption = { flags: '-y, --yes', description: 'do not ask for confirmation' };

/** Whether there is a person to ask. */
export function canAsk({ global }: Context): boolean {
  return process.stdin.isTTY && !global.json && !global.quiet;
}

/** The error's message and help where `canAsk` is false. */
export function nobodyToAsk(deed: string, { global }: Context): { message: string; help: string } {
  const reason = global.quiet ? '--quiet does not ask' : 'there is no terminal';
  return {
    message: `${deed} needs confirmation, but ${reason}`,
    help: 'Add --yes to proceed.',
  };
}

/**
 * @param deed what is to be confirmed, as the beginning of a sentence: `terminating these sessions`.
 * @returns whether the answer is yes; the end of the input is a no.
 * @throws KatError USAGE without a terminal; CANCELLED by Ctrl-C.
 */
export async function confirm(
  context: Context,
  { deed, text }: { deed: string; text: string },
): Promise<boolean> {
  const { message, help } = nobodyToAsk(deed, context);
  if (!canAsk(context)) throw new KatError('USAGE', message, { help });
  return /^y(es)?$/i.test((await askAtTerminal(context, `${text} [y/N] `)).trim());
}

/**
 * @returns the line that is typed; empty at the end of the input.
 * @throws KatError CANCELLED by Ctrl-C.
 */
export async function askAtTerminal({ signal }: Context, question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // The terminal is raw while it is read from, so that Ctrl-C is a key and no signal.
  terminal.on('SIGINT', () => process.emit('SIGINT', 'SIGINT'));
  try {
    return await askOnce(terminal, question, signal);
  } catch (cause) {
    throw new KatError('CANCELLED', 'cancelled before any change', { cause });
  } finally {
    terminal.close();
  }
}

function askOnce(terminal: Interface, question: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    // The question is never answered when the input ends.
    terminal.once('close', () => resolve(''));
    terminal.question(question, { signal }).then(resolve, reject);
  });
}
