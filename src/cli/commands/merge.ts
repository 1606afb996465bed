/** `kat merge` */

import type { MergeResult } from '../../index.js';
import { present } from '../../present.js';
import type { CommandSpec } from '../command.js';
import type { Context } from '../context.js';
import { named } from '../named.js';
import { withProject } from '../open-project.js';
import { shortPath } from '../output/excerpt.js';
import { formatFindings } from '../output/findings-text.js';

export const merge: CommandSpec<'merge', { name?: string; force?: boolean }> = {
  name: 'merge',
  description:
    'Creates an empty migration whose parents are the heads, for teams that want one head. Kat does not need it: `kat up` applies all heads, and the next `kat add` joins them. Compares the heads as `kat check` does first: exits with code 3 and writes nothing if they conflict. Does nothing when there is only one head. Needs no database.',
  arguments: [
    { name: '[heads...]', description: 'the heads to join: id, timestamp, name or prefix (default: all)' },
  ],
  options: [
    { flags: '--name <name>', description: 'name of the migration (default: made of the joined names)' },
    { flags: '--force', description: 'join the heads although they conflict' },
  ],
  examples: [
    { command: 'kat merge', explanation: 'join all heads' },
    { command: 'kat merge create_posts create_tags --name join_content', explanation: 'join just these two' },
  ],
  run: (context, { name, force }, of) =>
    withProject(context, { isOffline: true }, async ({ kat }) => {
      const { heads, added, findings } = await kat.merge({ of: named(of), name, force });
      if (!added) {
        const only = heads.length === 0 ? 'there are no migrations' : `${heads[0]} is the only head`;
        context.write(`Nothing to join: ${only}\n`);
        return { document: { heads } };
      }
      warnOfConflicts(context, findings);
      context.write(`${context.style.green(`Joined ${heads.length} heads`)}\n`);
      for (const id of heads) context.write(`  ${id}\n`);
      context.write(`in ${shortPath(added.files.metadata, context.cwd)}\n`);
      const { id, parents, files } = added;
      return { document: { heads, id, parents, files, ...present({ findings }) } };
    }),
};

function warnOfConflicts({ cwd, style, warn }: Context, findings: MergeResult['findings']): void {
  if (!findings) warn('Kat cannot compare the SQL of heads on SQLite: read both before you apply them');
  else if (findings.length > 0) warn(formatFindings(findings, { cwd, style, isVerbose: true }).trimEnd());
}
