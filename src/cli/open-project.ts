/** Makes a Kat from what the command line was given. */

import type { EventListener } from '../engine/events.js';
import { loadKat } from '../index.js';
import type { ConfigFlags } from '../project/config.js';
import type { Context } from './context.js';

export interface ProjectOptions {
  onEvent?: EventListener;
  /** Flags of this command that stand in for configuration. */
  flags?: ConfigFlags;
}

/** @throws KatError CONFIG_INVALID. */
export async function openProject(context: Context, { onEvent, flags }: ProjectOptions = {}) {
  const { config: file, verbose } = context.global;
  return loadKat({
    cwd: context.cwd,
    env: context.env,
    signal: context.signal,
    flags: { ...flags, ...(verbose === undefined ? {} : { verbose }) },
    ...(file === undefined ? {} : { file }),
    ...(onEvent === undefined ? {} : { onEvent }),
  });
}
