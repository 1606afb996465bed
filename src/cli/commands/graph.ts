/** `kat graph` */

import type { GraphOptions } from '../../index.js';
import type { CommandSpec } from '../command.js';
import { withProject } from '../open-project.js';
import { readsUtf8 } from '../output/graph/reads-utf8.js';

interface GraphFlags extends Omit<GraphOptions, 'generations'> {
  all?: boolean;
  ascii?: boolean;
}

export const graph: CommandSpec<'graph', GraphFlags> = {
  name: 'graph',
  description:
    'Draws one row for each migration, from the first to be applied to the last. Shows the state of each, unless the database cannot be reached. Folds long chains. Options that choose migrations narrow each other down; then an edge may stand for a path through hidden migrations. Lines that do not fit are replaced by `after PARENT`. Changes nothing.',
  options: [
    { flags: '--pending', description: 'show only pending migrations' },
    {
      flags: '--around <migration>',
      description:
        'show only this migration and its surroundings; `REF:N` means N edges in each direction (default: 2 edges)',
    },
    { flags: '--from <migration>', description: 'show only this migration and its descendants' },
    { flags: '--to <migration>', description: 'show only this migration and its ancestors' },
    {
      flags: '--touching <object>',
      description: 'show only migrations whose SQL changes this table, `table.column` or other object',
    },
    {
      flags: '--git-base <revision>',
      description: 'show only what this branch adds to this revision, with its parents',
    },
    {
      flags: '--reasons',
      description: 'show what each edge is for, with its line; with --verbose all reasons',
    },
    { flags: '--reduce', description: 'name redundant parents instead of drawing their edges' },
    { flags: '--all', description: 'do not fold long chains' },
    { flags: '--ascii', description: 'draw with ASCII characters' },
    { flags: '--offline', description: 'do not connect to the database' },
  ],
  examples: [
    { command: 'kat graph', explanation: 'draw the graph with the state of each migration' },
    { command: 'kat graph --offline', explanation: 'draw the migrations folder alone' },
    { command: 'kat graph --pending', explanation: 'draw what `kat up` would apply' },
    { command: 'kat graph --reasons --offline', explanation: 'draw it with the reason for each edge' },
  ],
  run: (context, { all = false, ascii = false, ...options }) =>
    withProject(
      context,
      {
        isOffline: options.offline === true,
        hasOfflineFlag: true,
        onEvent: (event) => {
          if (event.type === 'warning') context.warn(event.message);
        },
      },
      async ({ kat, config }) => {
        const description = await kat.describeGraph({ ...options, ...surroundings(options.around) });
        const { formatGraph } = await import('../output/graph/graph-text.js');
        const { cwd, env, style } = context;
        context.write(
          formatGraph(description, {
            ...{ cwd, style, columns: process.stdout.columns },
            isAscii: ascii || !readsUtf8(env),
            isUnfolded: all,
            isVerbose: config.verbose === true,
          }),
        );
        return { document: { ...description } };
      },
    ),
};

/** `create_posts:3` is a migration and a number of edges. */
function surroundings(text: string | undefined): Pick<GraphOptions, 'around' | 'generations'> {
  const [, around, generations] = /^(.+):(\d{1,9})$/s.exec(text ?? '') ?? [];
  return around === undefined ? {} : { around, generations: Number(generations) };
}
