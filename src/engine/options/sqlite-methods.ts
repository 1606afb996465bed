/** Says which methods of a Kat SQLite does not have, and why, instead of letting them ask it in PostgreSQL's words. */

import { KatError } from '../../errors.js';
import type { Kat } from '../kat-api.js';

const noParser = "it needs a parser, and Kat's parser reads only PostgreSQL's SQL";

const oneWriter = 'SQLite has one writer at a time, so migrations run one after the other';

const reasons = {
  lint: noParser,
  deps: noParser,
  check: noParser,
  blame: noParser,
  inferParents: noParser,
  report: noParser,
  squash: noParser,
  import: 'it reads the tracking tables of tools for PostgreSQL',
  planSql: 'it writes a script for psql. `kat plan` shows the steps, and `kat show --up` the SQL',
} as const satisfies Partial<Record<keyof Kat, string>>;

/** The command line's names where they are others. */
const commandNames: Readonly<Partial<Record<keyof typeof reasons, string>>> = {
  inferParents: 'deps --write',
  planSql: 'plan --sql',
};

/** The methods for a SQLite database: those that it does not have reject with a KatError USAGE. */
export function methodsOnSqlite(methods: Kat): Kat {
  const missing = (Object.keys(reasons) as (keyof typeof reasons)[]).map((name) => [
    name,
    async () => {
      throw notOnSqlite(`\`kat ${commandNames[name] ?? name}\``, reasons[name]);
    },
  ]);
  return {
    ...methods,
    ...Object.fromEntries(missing),
    up: (options = {}) => {
      if (options.onFailure === 'continue') throw notOnSqlite('`--on-failure continue`', oneWriter);
      return methods.up(options);
    },
    verify: async (options = {}) => {
      if (options.evidence) throw notOnSqlite('`--evidence`', 'it is for `lint`, `check` and `deps`');
      return methods.verify(refusePlace(options));
    },
    drift: async (options = {}) => methods.drift(refusePlace(options)),
    diff: async (first, second, options = {}) => methods.diff(first, second, refusePlace(options)),
    schema: async (options = {}) => methods.schema(refusePlace(options)),
    plan: async (options = {}) => {
      if ('jobs' in options && options.jobs !== undefined) throw notOnSqlite('`plan --jobs`', oneWriter);
      return methods.plan(options);
    },
    watch: () => {
      throw notOnSqlite('`kat watch`', 'SQLite keeps no list of sessions. `kat status` shows the run');
    },
    describeGraph: (options = {}) => {
      if (options.touching !== undefined) throw notOnSqlite('`--touching`', noParser);
      if (options.reasons) throw notOnSqlite('`--reasons`', noParser);
      return methods.describeGraph(options);
    },
    exportGraph: (options = {}) => {
      if (options.format === 'html') throw notOnSqlite('`--format html`', noParser);
      return methods.exportGraph(options);
    },
    endRunners: async (runners) => {
      if (runners.length === 0) return [];
      throw new KatError(
        'USAGE',
        '`kat unlock` cannot end a run on SQLite: it is a process of this computer',
        {
          help: `End it with \`kill ${runners.map(({ processId }) => processId).join(' ')}\`. It rolls back, and its lock ends with it.`,
        },
      );
    },
  };
}

function refusePlace<O extends { on?: string | undefined }>(options: O): O {
  if (options.on === undefined) return options;
  throw notOnSqlite('`--on`', 'a throwaway database of SQLite is a temporary file on this computer');
}

const sqlitePage =
  'node_modules/kat-migrate/docs/sqlite.md lists what works on SQLite, and what to use instead.';

function notOnSqlite(what: string, why: string): KatError {
  return new KatError('USAGE', `${what} does not work on SQLite: ${why}`, { help: sqlitePage });
}
