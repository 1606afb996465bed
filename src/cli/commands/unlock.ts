/** `kat unlock` */

import type { ServerSession } from '../../engine/events.js';
import { formatSession } from '../../engine/session/session-text.js';
import type { CommandSpec } from '../command.js';
import { confirm, yesOption } from '../confirm.js';
import { confirmEnvironment } from '../confirm-environment.js';
import { withProject } from '../open-project.js';

function questionAbout(holders: readonly ServerSession[]): { deed: string; text: string } {
  return holders.every(({ lease }) => lease)
    ? { deed: 'taking the lease', text: 'Take the lease from this run?' }
    : { deed: 'terminating these sessions', text: 'Terminate them?' };
}

export const unlock: CommandSpec<'unlock', { yes?: boolean }> = {
  name: 'unlock',
  description:
    'Shows the sessions that hold the migration lock, asks for confirmation, and terminates them. The server rolls back their uncommitted work. The lock ends with its session, so a stale lock cannot remain. If a run holds a lease instead, the lease is taken from it, and its next write fails.',
  options: [yesOption],
  examples: [
    { command: 'kat unlock', explanation: 'show the sessions that hold the lock, and ask for confirmation' },
    { command: 'kat unlock --yes', explanation: 'terminate them without confirmation, for scripts' },
  ],
  run: (context, { yes = false }) =>
    withProject(context, {}, async ({ kat, config }) => {
      const holders = await kat.findRunners();
      for (const holder of holders) context.write(`${formatSession(holder)}\n`);
      if (holders.length === 0) context.write('No session holds the migration lock\n');
      else await confirmEnvironment(context, config, { yes });
      const ended =
        holders.length > 0 && (yes || (await confirm(context, questionAbout(holders))))
          ? await kat.endRunners(holders)
          : [];
      for (const { processId, lease } of ended) {
        context.write(
          lease
            ? `Took the lease of process ${processId}: its next write fails. A statement that it has sent may still finish\n`
            : `Terminated process ${processId}\n`,
        );
      }
      return { document: { holders, ended: ended.map(({ processId }: ServerSession) => processId) } };
    }),
};
