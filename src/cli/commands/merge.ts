/** `kat merge` */

import type { CommandSpec } from '../command.js';
import { openProject } from '../open-project.js';
import { shortPath } from '../output/excerpt.js';

export const merge: CommandSpec<{ name?: string }> = {
  name: 'merge',
  summary: 'Join heads of the graph by a migration that changes nothing',
  description:
    'Writes an empty migration that has the heads as its parents, for those who want one head. Nothing needs it: `kat up` applies all heads, and the next migration that `kat add` writes joins them anyway. Does nothing when there is one head. Needs no database.',
  arguments: [
    { name: '[heads...]', description: 'the heads to join: id, timestamp, name or prefix (default: all)' },
  ],
  options: [
    { flags: '--name <name>', description: 'its name (default: made of the names of what it joins)' },
  ],
  examples: [
    { command: 'kat merge', explanation: 'join all heads' },
    { command: 'kat merge create_posts create_tags --name join_content', explanation: 'join just these two' },
  ],
  run: async (context, { name }, of) => {
    const { kat } = await openProject(context);
    const { heads, added } = await kat.merge({ of, name });
    if (!added) {
      const only = heads.length === 0 ? 'there are no migrations' : `${heads[0]} is the only head`;
      context.write(`Nothing to join: ${only}\n`);
      return { document: { heads } };
    }
    context.write(`${context.style.green(`Joined ${heads.length} heads`)}\n`);
    for (const id of heads) context.write(`  ${id}\n`);
    context.write(`in ${shortPath(added.files.metadata, context.cwd)}\n`);
    return { document: { heads, id: added.id, parents: added.parents, files: added.files } };
  },
};
