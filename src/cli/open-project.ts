/** Creates a Kat from the command line. */

import { settleBeforeWebAssembly } from '../before-webassembly.js';
import type { EventListener } from '../engine/events.js';
import { KatError } from '../errors.js';
import { present } from '../present.js';
import type { ConfigFlags } from '../project/config/config.js';
import type { Context } from './context.js';
import { throwawayText } from './output/connection-text.js';
import { tuneNode } from './tune-node.js';

export interface ProjectOptions {
  /** Default: shows warnings, progress, and where migrations are tried. */
  onEvent?: EventListener;
  /** Flags of this command that stand in for configuration. */
  flags?: ConfigFlags;
  /** Whether the database's settings need not be there. */
  isOffline?: boolean;
  /** Whether `--offline` makes the command work without a database. */
  hasOfflineFlag?: boolean;
}

/** @throws KatError CONFIG_INVALID. */
export async function openProject(
  context: Context,
  { onEvent = warnWith(context), flags, isOffline, hasOfflineFlag = false }: ProjectOptions = {},
) {
  const { loadKat } = await import('../engine/load-kat.js');
  const { config: file, env: environment, verbose } = context.global;
  const project = await loadKat({
    cwd: context.cwd,
    env: context.env,
    signal: context.signal,
    flags: { ...flags, ...present({ verbose }) },
    ...present({ file, environment, isOffline }),
    onEvent: namingDatabase(context, onEvent),
  }).catch(async (error: unknown) => {
    const { isUnchosen } = await import('../project/config/config-environment.js');
    throw hasOfflineFlag && isUnchosen(error) ? withOffline(error) : error;
  });
  const { config } = project;
  if (!isOffline) await warnOfVariables(context);
  if (config.environment !== undefined && !isOffline) context.nameEnvironment(config.environment);
  settleBeforeWebAssembly(() => tuneNode(config.database.driver));
  return project;
}

async function warnOfVariables({ env, warn }: Context): Promise<void> {
  if (!Object.keys(env).some((name) => name.startsWith('KAT_'))) return;
  const { findUnknownVariables } = await import('../project/config/unknown-variables.js');
  for (const { message, help } of findUnknownVariables(env)) warn(`Warning: ${message}. ${help}`);
}

function withOffline({ code, message, help, cause }: KatError): KatError {
  const offline = 'Or add --offline: the command then reads only files.';
  return new KatError(code, message, { help: `${help} ${offline}`, cause });
}

/** Opens the project for some work, and closes its connections. @throws what opening or the work throws. */
export async function withProject<T>(
  context: Context,
  options: ProjectOptions,
  work: (project: Awaited<ReturnType<typeof openProject>>) => Promise<T>,
): Promise<T> {
  const project = await openProject(context, options);
  try {
    return await work(project);
  } finally {
    await project.kat.close();
  }
}

/** The first line on a terminal says which database the command is about. */
function namingDatabase({ announce, style }: Context, onEvent: EventListener): EventListener {
  let named: string | undefined;
  return (event) => {
    if (event.type === 'connecting' && event.database !== named) {
      named = event.database;
      announce(style.dim(`Database: ${named}`));
    }
    onEvent(event);
  };
}

function warnWith(context: Context): EventListener {
  return (event) => {
    if (event.type === 'warning') context.warn(event.message);
    if (event.type === 'progress') context.showProgress(`${event.task} (${event.done} of ${event.total})`);
    if (event.type === 'throwaway-opened') context.warn(throwawayText(event));
  };
}
