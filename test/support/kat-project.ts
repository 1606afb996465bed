/** Makes projects as users have them: a configuration file, a folder of migrations, and a database of their own. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createKat } from '../../src/index.js';
import { freshDatabase, type Row, type TestDatabase } from './database.js';
import { atEndOfFile } from './end-of-file.js';
import { type KatOptions, type KatRun, type RunningKat, runKat, startKat } from './kat-command.js';
import type { ServerAddress } from './server.js';

/** One migration as its author writes it; a text alone is its up.sql. */
export interface MigrationSource {
  up: string;
  /** Default a statement that changes nothing; null leaves the file out. */
  down?: string | null;
  /** Timestamps, as in metadata.yaml. */
  parents?: readonly (number | string)[];
  noTransaction?: boolean;
  /** Of files that are programs, such as `up.ts`. */
  names?: { up?: string; down?: string };
  /** Further lines of metadata.yaml. */
  metadata?: readonly string[];
}

export interface ProjectSource {
  /** Files by path relative to the project, written after everything else. */
  files?: Readonly<Record<string, string | Uint8Array>>;
  /** By id, such as `1679012345_create_users`. */
  migrations?: Readonly<Record<string, string | MigrationSource>>;
  /** The text of kat.conf.yaml; left out there is none. */
  config?: string;
}

type RunOptions = Omit<KatOptions, 'cwd' | 'home'>;

/** A folder with a project in it. */
export interface Project {
  /** Absolute, without symbolic links. */
  folder: string;
  /** An empty folder that the command takes for the user's own. */
  home: string;
  /** Runs the command in it; a text is taken apart at its blanks. */
  kat(args: string | readonly string[], options?: RunOptions): Promise<KatRun>;
  start(args: string | readonly string[], options?: RunOptions): Promise<RunningKat>;
  /** Writes a file, with the folders above it. */
  write(path: string, content: string | Uint8Array): void;
  read(path: string): string;
  addMigration(id: string, source: string | MigrationSource): void;
  /** The names in its migrations folder, sorted. */
  ids(): string[];
  /** Every path below the project with its content, to compare before and after. */
  snapshot(): Record<string, string>;
}

export interface DatabaseProject extends Project {
  database: TestDatabase;
  /** What the tracking table says, oldest first. */
  applied(): Promise<string[]>;
  /** Applies what is pending by the library, in this process: for tests of other things, which need no process for it. */
  migrate(): Promise<void>;
}

/** Makes a project, removed when the test file ends. */
export function makeProject({ files = {}, migrations = {}, config }: ProjectSource = {}): Project {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'kat-cli-')));
  atEndOfFile(() => rmSync(root, { recursive: true, force: true }));
  const [folder, home] = [join(root, 'project'), join(root, 'home')];
  for (const path of [folder, home]) mkdirSync(path);
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  const addMigration = (id: string, source: string | MigrationSource) => {
    for (const [name, content] of Object.entries(migrationFiles(id, source))) {
      write(`migrations/${id}/${name}`, content);
    }
  };
  const split = (args: string | readonly string[]) => (typeof args === 'string' ? args.split(' ') : args);
  if (config !== undefined) write('kat.conf.yaml', config);
  for (const [id, source] of Object.entries(migrations)) addMigration(id, source);
  for (const [path, content] of Object.entries(files)) write(path, content);
  return {
    folder,
    home,
    kat: (args, options = {}) => runKat(split(args), { cwd: folder, home, ...options }),
    start: (args, options = {}) => startKat(split(args), { cwd: folder, home, ...options }),
    write,
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    addMigration,
    ids: () => readdirSync(join(folder, 'migrations')).sort(),
    snapshot: () => snapshotOf(folder),
  };
}

/** Makes a project on an empty database of its own; the configuration names it by its URL unless it is given. */
export async function projectOn(
  where: number | ServerAddress,
  source: ProjectSource = {},
): Promise<DatabaseProject> {
  const database = await freshDatabase(where);
  // A server of the test's own goes away with everything in it, and has gone when the file ends.
  if (typeof where === 'number') atEndOfFile(() => database.drop());
  const project = makeProject({ config: `database:\n  url: ${database.url}\n`, migrations: {}, ...source });
  if (!source.migrations) mkdirSync(join(project.folder, 'migrations'), { recursive: true });
  return {
    ...project,
    database,
    applied: () => appliedIn(database),
    migrate: () => migrate(project, database),
  };
}

async function migrate({ folder }: Project, { url }: TestDatabase): Promise<void> {
  const kat = createKat({ migrations: join(folder, 'migrations'), database: url });
  try {
    await kat.up();
  } finally {
    await kat.close();
  }
}

async function appliedIn(database: TestDatabase): Promise<string[]> {
  const rows = await database.query('SELECT name FROM migrations ORDER BY id');
  return rows.map(({ name }) => String(name));
}

function migrationFiles(id: string, source: string | MigrationSource): Record<string, string> {
  const {
    up,
    down = 'SELECT 1;',
    parents = [],
    noTransaction,
    names = {},
    metadata: further = [],
  } = typeof source === 'string' ? { up: source } : source;
  const metadata = [
    `name: ${id}`,
    `timestamp: ${id.slice(0, id.indexOf('_'))}`,
    `parents: [${parents.join(', ')}]`,
    ...(noTransaction ? ['no_transaction: true'] : []),
    ...further,
  ];
  return {
    [names.up ?? 'up.sql']: `${up}\n`,
    ...(down === null ? {} : { [names.down ?? 'down.sql']: `${down}\n` }),
    'metadata.yaml': `${metadata.join('\n')}\n`,
  };
}

function snapshotOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [
        path,
        entry.isFile() ? readFileSync(path, 'latin1') : entry.isSymbolicLink() ? 'link' : 'folder',
      ];
    }),
  );
}

/**
 * What a database holds: relations with their columns and rows, functions, types and schemas.
 * Kat's own two tables are left out, so that a failure must leave it equal.
 */
export async function contentOf(database: TestDatabase): Promise<Row[]> {
  return database.query(`
    SELECT n.nspname, c.relname, c.relkind,
           (SELECT array_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text AS columns,
           CASE c.relkind WHEN 'r' THEN query_to_xml(format('SELECT * FROM %I.%I', n.nspname, c.relname), true, true, '')::text
           END AS rows
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relname !~ '^migrations'
    UNION ALL
    SELECT n.nspname, p.proname, 'function', pg_get_function_identity_arguments(p.oid), md5(p.prosrc)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
    UNION ALL
    SELECT nspname, '', 'schema', NULL, NULL FROM pg_namespace WHERE nspname !~ '^pg_'
    ORDER BY 1, 2, 3`);
}
