/** `kat init` */

import { basename } from 'node:path';
import { KatError } from '../../errors.js';
import { wouldTake } from '../../project/git/would-take.js';
import { maskSecrets } from '../../secrets.js';
import type { CommandOption, CommandSpec } from '../command.js';
import type { Context, Outcome } from '../context.js';
import { flagError } from '../flag-error.js';

/** Which setting of the configuration file each flag gives. */
const settings = {
  driver: 'driver',
  path: 'path',
  tableName: 'tableName',
  directory: 'directory',
  databaseURL: 'url',
  dbUser: 'user',
  dbPassword: 'password',
  dbName: 'name',
  dbPort: 'port',
  dbHost: 'host',
  dbSSLMode: 'sslmode',
} as const;

type SettingFlags = { [Flag in keyof typeof settings]?: string };

type InitFlags = SettingFlags & { agents?: boolean };

const options: readonly CommandOption[] = [
  {
    flags: '--driver <driver>',
    description: 'kind of database (default: postgres)',
    env: 'KAT_DRIVER_NAME',
    choices: ['postgres', 'pglite', 'sqlite'],
  },
  { flags: '--path <path>', description: 'PGlite: the folder of the database; SQLite: its file' },
  {
    flags: '-t, --tableName <table>',
    description: 'the tracking table, setting `migration.tablename` (default: migrations)',
    env: 'KAT_MIGRATION_TABLE_NAME',
  },
  {
    flags: '-d, --directory <folder>',
    description: 'the migrations folder, setting `migration.directory` (default: migrations)',
    env: 'KAT_MIGRATION_DIRECTORY',
  },
  {
    flags: '-u, --databaseURL <url>',
    description:
      'a connection URL, instead of the fields below; `$NAME` reads it from that environment variable',
    env: 'KAT_MIGRATION_DATABASE_URL',
  },
  { flags: '--dbUser <user>', description: 'user (default: postgres)', env: 'KAT_DB_USER' },
  {
    flags: '--dbPassword <password>',
    description: 'password (default: that of DB_PASSWORD, or postgres)',
    env: 'KAT_DB_PASSWORD',
  },
  { flags: '--dbName <name>', description: 'database (default: myapp)', env: 'KAT_DB_NAME' },
  { flags: '--dbPort <port>', description: 'port (default: 5432)', env: 'KAT_DB_PORT' },
  {
    flags: '--dbHost <host>',
    description: 'host name or socket folder (default: localhost)',
    env: 'KAT_DB_HOST',
  },
  {
    flags: '--dbSSLMode <mode>',
    description: 'TLS mode, with the meaning of libpq (default: disable)',
    env: 'KAT_DB_SSL_MODE',
    choices: ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'],
  },
  { flags: '--agents', description: 'write a section for coding agents into AGENTS.md, and nothing else' },
];

export const init: CommandSpec<'init', InitFlags> = {
  name: 'init',
  description:
    'Writes kat.conf.yaml, which only its owner can read, and creates the migrations folder. The password comes from the environment variable DB_PASSWORD, unless a flag gives it. Flags in camel case also have a kebab-case form: --table-name means --tableName.',
  options,
  examples: [
    { command: 'kat init', explanation: 'use PostgreSQL at localhost; edit the file later' },
    { command: 'kat init --driver pglite', explanation: 'use the embedded database: no server needed' },
    { command: 'kat init --driver sqlite --path app.db', explanation: 'use a SQLite file' },
    {
      command: "kat init --databaseURL '$DATABASE_URL'",
      explanation: 'read the URL from a variable, so that no password is in the file',
    },
    {
      command: "kat init --databaseURL 'postgres://app@example.com/shop?sslmode=verify-full'",
      explanation: 'use a server by its URL; the password can stay in ~/.pgpass',
    },
    { command: 'kat init --agents', explanation: 'tell coding agents in AGENTS.md how to work with Kat' },
  ],
  run: async (context, { agents, ...flags }) => {
    refuseEnvironment(context);
    if (agents) return tellAgents(context, flags);
    refuseEmptyVariables(context.env);
    const values = Object.fromEntries(
      (Object.keys(flags) as (keyof SettingFlags)[]).map((flag) => [settings[flag], flags[flag]]),
    );
    const { config: file } = context.global;
    const { initProject } = await import('../../engine/author/init-project.js');
    const written = initProject({ cwd: context.cwd, env: context.env, ...(file ? { file } : {}) }, values);
    context.write(`${context.style.green('Kat initialized successfully!')}\nConfig file: ${written.file}\n`);
    if (holdsPassword(flags) && (await wouldTake(written.file))) context.warn(passwordWarning(written.file));
    context.advise(nextStep(flags));
    return { document: { config: written.file, migrations: written.directory } };
  },
};

/** The file has one database until somebody writes environments into it. */
function refuseEnvironment({ global }: Context): void {
  if (global.env === undefined) return;
  const help = 'Leave it out, and write the section `environments` into the file afterwards.';
  throw flagError('init', '`kat init` takes no --env', help);
}

async function tellAgents(context: Context, flags: SettingFlags): Promise<Outcome<'init'>> {
  const [typed] = Object.entries(flags).filter(([flag, value]) => context.env[variableOf(flag)] !== value);
  if (typed) {
    const help = 'Run `kat init` and `kat init --agents` one after the other.';
    throw flagError('init', `--agents and --${typed[0]} cannot be combined`, help);
  }
  const { writeAgentsSection } = await import('../agents/agents-section.js');
  const { file, isNew } = writeAgentsSection(context.cwd);
  context.write(isNew ? `Section for agents written to ${file}\n` : `${file} has this section already\n`);
  return { document: { agents: file, isNew } };
}

/** The environment variable that stands in for a flag. */
function variableOf(flag: string): string {
  return options.find(({ flags }) => new RegExp(`--${flag}\\b`).test(flags))?.env ?? '';
}

function nextStep({ driver }: SettingFlags): string {
  const isEmbedded = driver === 'pglite' || driver === 'sqlite';
  const check = isEmbedded ? '' : 'Check the database in this file with `kat ping`. ';
  return `${check}Create a migration with \`kat add create_users\`.\n`;
}

function holdsPassword({ dbPassword, databaseURL = '' }: SettingFlags): boolean {
  return dbPassword !== undefined || maskSecrets(databaseURL) !== databaseURL;
}

function passwordWarning(file: string): string {
  const name = basename(file);
  return `Warning: ${name} contains the password, and git does not ignore it. Add it to .gitignore, or write \`$DB_PASSWORD\` instead of the password: Kat reads that environment variable.`;
}

/** The file would say something else than what the variable was to say. */
function refuseEmptyVariables(env: Context['env']): void {
  const empty = options.flatMap(({ env: name }) => (name && env[name]?.trim() === '' ? [name] : []));
  if (empty.length === 0) return;
  throw new KatError(
    'USAGE',
    `${empty.join(' and ')} in the environment ${empty.length === 1 ? 'is' : 'are'} empty`,
    {
      help: 'Give each variable a value, or unset it.',
    },
  );
}
