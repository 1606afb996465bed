/** `kat merge` */

import type { CommandSpec } from '../command.js';
import { named } from '../named.js';
import { openProject } from '../open-project.js';
import { shortPath } from '../output/excerpt.js';

export const merge: CommandSpec<'merge', { name?: string }> = {
  name: 'merge',
  summary: 'Join several heads with an empty migration',
  description:
    'Creates an empty migration whose parents are the heads, for teams that want one head. Kat does not need it: `kat up` applies all heads, and the next `kat add` joins them. Does nothing when there is only one head. Needs no database.',
  arguments: [
    { name: '[heads...]', description: 'the heads to join: id, timestamp, name or prefix (default: all)' },
  ],
  options: [
    { flags: '--name <name>', description: 'name of the migration (default: made of the joined names)' },
  ],
  examples: [
    { command: 'kat merge', explanation: 'join all heads' },
    { command: 'kat merge create_posts create_tags --name join_content', explanation: 'join just these two' },
  ],
  run: async (context, { name }, of) => {
    const { kat } = await openProject(context);
    const { heads, added } = await kat.merge({ of: named(of), name });
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
