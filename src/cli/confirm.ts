/** Asks a person on the terminal, and tells scripts which flag answers for them. */

import { createInterface } from 'node:readline/promises';
import { KatError } from '../errors.js';
import type { Context } from './context.js';

/** The flag that stands for the answer yes. */
export const yesOption = { flags: '-y, --yes', description: 'do not ask' };

/**
 * @param deed what is to be confirmed, as the beginning of a sentence: `ending a runner`.
 * @returns whether the answer is yes.
 * @throws KatError USAGE where there is nobody to ask.
 */
export async function confirm(
  { signal, global }: Context,
  question: { deed: string; text: string },
): Promise<boolean> {
  if (!process.stdin.isTTY || global.json) {
    throw new KatError('USAGE', `${question.deed} needs a confirmation, and there is no terminal to ask on`, {
      help: 'Add --yes if it is to be done.',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question.text} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
