/** Shared code of `heads` and `roots`: prints ids for scripts, one per line. */

import type { Kat, Migration } from '../../index.js';
import { present } from '../../present.js';
import type { Context, Outcome } from '../context.js';
import { openProject } from '../open-project.js';

/** @param find asks for the migrations to be listed. */
export async function listEnds(
  context: Context,
  find: (kat: Kat) => Promise<readonly Migration[]>,
): Promise<Outcome<'heads' | 'roots'>> {
  const { kat } = await openProject(context, { isOffline: true });
  const found = await find(kat);
  context.write(found.map(({ id }) => `${id}\n`).join(''));
  return {
    document: {
      migrations: found.map(({ id, timestamp, name, description, parents }) => ({
        id,
        timestamp,
        name,
        ...present({ description }),
        parents,
      })),
    },
  };
}
