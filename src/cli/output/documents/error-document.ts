/** An error as `--json` prints it. */

import { type KatError, MigrationError, UnconfirmedError } from '../../../errors.js';

/** @param exitCode what the process will end with. */
export function errorDocument(error: KatError, exitCode: number): Record<string, unknown> {
  return {
    error: {
      code: error.code,
      exitCode,
      message: error.message,
      ...(error.help ? { help: error.help } : {}),
      problems: error.problems,
      ...(error instanceof MigrationError
        ? {
            migration: error.migration,
            direction: error.direction,
            ...(error.report ? { server: error.report } : {}),
          }
        : {}),
    },
    ...(error instanceof MigrationError ? { migrations: error.finished, ...error.unfinished } : {}),
    ...(error instanceof UnconfirmedError ? { plan: planOf(error) } : {}),
  };
}

function planOf({ plan }: UnconfirmedError): { id: string; direction: string }[] {
  return plan.steps.map(({ id, direction }) => ({ id, direction }));
}
