/** Says why the thread of a program failed, and what to do about it. */

import { KatError } from '../../errors.js';
import { findPlace, locateSyntaxError } from '../../project/code-place.js';
import { noTypeScript } from '../../project/load-code.js';
import { ProgramError } from './program-error.js';
import { typeScriptHelp } from './typescript.js';

/** An error of the program, as the thread describes it. */
export interface ThreadFailure {
  name?: string;
  message: string;
  stack: string;
  code?: string;
  /** The query that it failed with. */
  query?: number;
}

export function cancelled(): KatError {
  return new KatError('CANCELLED', 'cancelled while the program of the migration ran');
}

export function silent(silenceMs: number): ProgramError {
  return new ProgramError(`the program sent no query and did not end for ${silenceMs / 1000} s`, {
    help: 'Look for a loop or a promise without an end. Raise `statement_timeout`, or call `log` in long calculations.',
  });
}

export function leftQueries(count: number): ProgramError {
  return new ProgramError(`the program ended while ${count} of its queries ran`, {
    help: 'Write `await` in front of each query.',
  });
}

export function unknownMessage(): ProgramError {
  return new ProgramError('the program sent a message of its own to Kat', {
    help: 'Do not use `parentPort`: it belongs to Kat.',
  });
}

export function endedEarly(code: number): ProgramError {
  // Node.js ends a thread in which nothing can happen any more.
  return code === 0
    ? new ProgramError('the thread of the program ended before its function did', {
        help: 'Look for a promise that is never settled, and for `process.exit`.',
      })
    : new ProgramError(`the program ended its thread with exit code ${code}`, {
        help: 'Take out `process.exit`, and throw an error where the migration has to fail.',
      });
}

export function lostThread(error: Error & { code?: string }): ProgramError {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? new ProgramError('the program used up the memory of its thread', {
        help: 'Read and write rows in smaller parts.',
      })
    : new ProgramError(`the thread of the program failed: ${error.message}`, {
        help: 'Correct the program.',
      });
}

export async function explainFailure(failure: ThreadFailure, file: string): Promise<ProgramError> {
  const { name = 'Error', message, stack, code } = failure;
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && file.endsWith('.ts'))
    return new ProgramError(noTypeScript, { help: typeScriptHelp });
  const isSyntax = name === 'SyntaxError' || /^\w*Error: ParseError: /.test(stack);
  const text = isSyntax ? (message.split('\n', 1)[0] ?? '') : message;
  const place = findPlace(stack, file) ?? (isSyntax ? await locateSyntaxError(file) : undefined);
  return new ProgramError(name === 'Error' ? text : `${name}: ${text}`, {
    help:
      code === 'KAT_NO_FUNCTION'
        ? 'Export the function as the default: `export default async (context) => { … }`.'
        : 'Correct the program.',
    location: place,
  });
}
