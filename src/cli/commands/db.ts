/** `kat db` */

import { formatSession } from '../../engine/session/session-text.js';
import { KatError } from '../../errors.js';
import type { DatabaseToDrop, EventListener, Kat } from '../../index.js';
import { printable } from '../../outside-text.js';
import { present } from '../../present.js';
import type { Config } from '../../project/config/config.js';
import { durationHelp, parseDuration } from '../../project/duration.js';
import type { CommandSpec } from '../command.js';
import { askAtTerminal, canAsk, nobodyToAsk, yesOption } from '../confirm.js';
import { confirmEnvironment } from '../confirm-environment.js';
import type { Context, Outcome } from '../context.js';
import { flagError } from '../flag-error.js';
import { openProject } from '../open-project.js';
import { failureTexts } from '../output/connection-text.js';

interface DbFlags {
  dryRun?: boolean;
  yes?: boolean;
  force?: boolean;
  timeout?: number;
  showPassword?: boolean;
}

/** What an action is given. */
interface Call {
  context: Context;
  kat: Kat;
  config: Config;
  flags: DbFlags;
}

type Action = (call: Call) => Promise<Outcome<'db'>['document']>;

const actions = { create, drop, wait, url } as const satisfies Record<string, Action>;
type ActionName = keyof typeof actions;
const actionNames = Object.keys(actions) as ActionName[];

/** The flags that belong to some of the actions. */
const owners: Record<keyof DbFlags, readonly ActionName[]> = {
  dryRun: ['create', 'drop'],
  yes: ['create', 'drop'],
  force: ['drop'],
  timeout: ['wait'],
  showPassword: ['url'],
};

export const dbCommand: CommandSpec<'db', DbFlags> = {
  name: 'db',
  description: `create: creates the configured database if it does not exist. For that, Kat connects to the database postgres or template1 of the same server. For PGlite it creates the folder, for SQLite the file.

drop: drops the database with everything in it, after you typed its name. Refuses while other sessions are connected. For PGlite it deletes the folder, for SQLite the file. It refuses to delete anything that is not such a database.

wait: waits until the server takes connections. The database need not exist. Exits with code 2 after --timeout.

url: prints the database's URL, for other programs. The password is hidden without --show-password.`,
  arguments: [{ name: '<action>', description: 'create, drop, wait or url', choices: actionNames }],
  options: [
    {
      flags: '--dry-run',
      description: 'create, drop: change nothing, and print what would be done [env: KAT_DRY_RUN]',
    },
    { ...yesOption, description: 'create, drop: do not ask for confirmation' },
    { flags: '--force', description: 'drop: end the sessions that are connected to the database' },
    {
      flags: '--timeout <duration>',
      description: 'wait: how long to wait (default: 1m)',
      parse: (text) => {
        const ms = parseDuration(text);
        if (ms === undefined) throw new Error(`Give ${durationHelp}.`);
        return ms;
      },
    },
    { flags: '--show-password', description: 'url: print the password instead of ***' },
  ],
  examples: [
    { command: 'kat db wait --timeout 30s', explanation: 'wait for a server that starts' },
    { command: 'kat db create', explanation: 'create the database if it does not exist' },
    {
      command: 'kat db url --show-password',
      explanation: 'for other programs: `psql "$(kat db url --show-password)"`',
    },
    { command: 'kat db drop', explanation: 'drop the database, after its name was typed' },
  ],
  run: async (context, flags, [name = '']) => {
    const action = findAction(name);
    refuseForeignFlags(action, flags);
    const { dryRun } = flags;
    const { kat, config } = await openProject(context, {
      onEvent: waitScreen(context),
      flags: present({ dryRun }),
    });
    try {
      return { document: await actions[action]({ context, kat, config, flags }) };
    } finally {
      await kat.close();
    }
  },
};

function findAction(name: string): ActionName {
  const found = actionNames.find((known) => known === name);
  if (found) return found;
  throw flagError('db', `there is no \`kat db ${name}\``, `Write one of ${actionNames.join(', ')}.`);
}

function refuseForeignFlags(action: ActionName, flags: DbFlags): void {
  for (const [flag, allowed] of Object.entries(owners) as [keyof DbFlags, readonly ActionName[]][]) {
    if (flags[flag] === undefined || allowed.includes(action)) continue;
    const written = `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const homes = allowed.map((home) => `\`kat db ${home}\``).join(' and ');
    throw flagError('db', `${written} cannot be used with \`kat db ${action}\``, `It belongs to ${homes}.`);
  }
}

async function create(call: Call) {
  const { context, kat, config, flags } = call;
  if (config.migration.dryRun) return showCreation(call);
  await confirmEnvironment(context, config, flags);
  const { database, isCreated } = await kat.createDatabase();
  context.write(isCreated ? `Created ${database}\n` : `${database} exists already\n`);
  return { action: 'create', database, isCreated } as const;
}

async function showCreation({ context, kat }: Call) {
  const { database, exists } = await kat.waitForServer({ timeoutMs: 0 });
  context.write(exists ? `${database} exists already\n` : `DRY RUN: Would create ${database}\n`);
  return { action: 'create', database, isCreated: false, isDryRun: true } as const;
}

async function drop(call: Call) {
  const { context, kat, config, flags } = call;
  if (config.migration.dryRun) return showDrop(call);
  await confirmEnvironment(context, config, flags);
  const { force, yes = false } = flags;
  const { database, isDropped, sessions } = await kat.dropDatabase({
    force,
    confirm: (found) => yes || askForName(context, found),
  });
  const ended = sessions.map(({ processId }) => processId);
  if (ended.length > 0) context.write(`Ended ${ended.map((id) => `process ${id}`).join(', ')}\n`);
  context.write(isDropped ? `Dropped ${database}\n` : `${database} does not exist\n`);
  return { action: 'drop', database, isDropped, ended } as const;
}

/** Everything is looked at, as before the question, and the answer is no. */
async function showDrop({ context, kat, flags: { force } }: Call) {
  const found: DatabaseToDrop[] = [];
  const confirm = (one: DatabaseToDrop) => {
    found.push(one);
    return false;
  };
  const absent = await kat.dropDatabase({ force, confirm }).catch((error: unknown) => {
    if (found.length === 0) throw error;
    return undefined;
  });
  const database = absent?.database ?? found[0]?.database ?? '';
  context.write(absent ? `${database} does not exist\n` : `DRY RUN: Would drop ${database}\n`);
  return { action: 'drop', database, isDropped: false, isDryRun: true, ended: [] } as const;
}

/** @throws KatError USAGE without a terminal; CANCELLED by Ctrl-C. */
async function askForName(context: Context, { database, name, sessions }: DatabaseToDrop): Promise<boolean> {
  const { message, help } = nobodyToAsk(`dropping ${database}`, context);
  if (!canAsk(context)) throw new KatError('USAGE', message, { help });
  for (const session of sessions) context.write(`Connected: ${formatSession(session)}\n`);
  const question = `This drops ${database} with everything in it. Type its name to drop it: `;
  return (await askAtTerminal(context, printable(question))).trim() === name;
}

async function wait({ context, kat, flags }: Call) {
  const { database, exists, server } = await kat.waitForServer({ timeoutMs: flags.timeout });
  const absent = exists ? '' : '. The database does not exist yet; `kat db create` creates it';
  context.write(`Ready: ${database}${absent}\n`);
  return { action: 'wait', database, exists, ...present({ server }) } as const;
}

async function url({ context, kat, flags }: Call) {
  const text = await kat.databaseUrl({ showPassword: flags.showPassword });
  context.writeExact(`${text}\n`);
  return { action: 'url', url: text } as const;
}

/** While Kat waits, each new reason is a line. */
function waitScreen(context: Context): EventListener {
  const failureText = failureTexts(
    ({ error, retryInMs }) => `${error.message}; trying again in ${retryInMs} ms`,
  );
  return (event) => {
    const text = event.type === 'connection-failed' ? failureText(event) : undefined;
    if (text !== undefined) context.warn(text);
    if (event.type === 'warning') context.warn(event.message);
  };
}
