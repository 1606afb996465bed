/** `kat unlock` */

import type { ServerSession } from '../../engine/events.js';
import { formatSession } from '../../engine/session/session-text.js';
import { present } from '../../present.js';
import type { Config } from '../../project/config/config.js';
import type { CommandSpec } from '../command.js';
import { confirm, yesOption } from '../confirm.js';
import { confirmEnvironment } from '../confirm-environment.js';
import type { Context } from '../context.js';
import { withProject } from '../open-project.js';

function questionAbout(holders: readonly ServerSession[]): { deed: string; text: string } {
  return holders.every(({ lease }) => lease)
    ? { deed: 'taking the lease', text: 'Take the lease from this run?' }
    : { deed: 'terminating these sessions', text: 'Terminate them?' };
}

function plannedText(holders: readonly ServerSession[]): string {
  return holders
    .map(({ processId, lease }) =>
      lease
        ? `DRY RUN: Would take the lease of process ${processId}\n`
        : `DRY RUN: Would terminate process ${processId}\n`,
    )
    .join('');
}

export const unlock: CommandSpec<'unlock', { yes?: boolean; dryRun?: boolean }> = {
  name: 'unlock',
  description:
    'Shows the sessions that hold the migration lock, asks for confirmation, and terminates them. The server rolls back their uncommitted work. The lock ends with its session, so a stale lock cannot remain. If a run holds a lease instead, the lease is taken from it, and its next write fails.',
  options: [
    {
      flags: '--dry-run',
      description: 'terminate nothing, and print what would be done [env: KAT_DRY_RUN]',
    },
    yesOption,
  ],
  examples: [
    { command: 'kat unlock', explanation: 'show the sessions that hold the lock, and ask for confirmation' },
    { command: 'kat unlock --yes', explanation: 'terminate them without confirmation, for scripts' },
  ],
  run: (context, { yes = false, dryRun }) =>
    withProject(context, { flags: present({ dryRun }) }, async ({ kat, config }) => {
      const holders = await kat.findRunners();
      for (const holder of holders) context.write(`${formatSession(holder)}\n`);
      if (holders.length === 0) context.write('No session holds the migration lock\n');
      if (config.migration.dryRun) {
        context.write(plannedText(holders));
        return { document: { holders, ended: [], isDryRun: true } };
      }
      const isAgreed = holders.length > 0 && (await agree(context, config, { holders, yes }));
      const ended = isAgreed ? await kat.endRunners(holders) : [];
      context.write(ended.map(endedText).join(''));
      return { document: { holders, ended: ended.map(({ processId }: ServerSession) => processId) } };
    }),
};

async function agree(
  context: Context,
  config: Config,
  { holders, yes }: { holders: readonly ServerSession[]; yes: boolean },
): Promise<boolean> {
  await confirmEnvironment(context, config, { yes });
  return yes || confirm(context, questionAbout(holders));
}

function endedText({ processId, lease }: ServerSession): string {
  return lease
    ? `Took the lease of process ${processId}: its next write fails. A statement that it has sent may still finish\n`
    : `Terminated process ${processId}\n`;
}
