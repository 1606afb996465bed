/** Asks before a command changes the database of a protected environment. */

import { KatError } from '../errors.js';
import type { Config } from '../project/config/config.js';
import { askAtTerminal, canAsk } from './confirm.js';
import type { Context } from './context.js';

interface Consent {
  /** The command, where it can run a reviewed plan. */
  plans?: string;
  /** Of `--yes`. */
  yes?: boolean | undefined;
  /** Whether the command runs only a reviewed plan: such a plan belongs to one environment. */
  isReviewed?: boolean;
}

/**
 * Returns at once for environments that are not protected. Consent must name the environment: at the terminal, or as
 * `--env NAME --yes`. `KAT_ENV` may be left over from another command.
 * @throws KatError USAGE without consent and without a terminal; CANCELLED for another answer than the environment's name.
 */
export async function confirmEnvironment(
  context: Context,
  { environment, isProtected }: Pick<Config, 'environment' | 'isProtected'>,
  { yes = false, isReviewed = false, plans }: Consent,
): Promise<void> {
  if (environment === undefined || !isProtected || isReviewed) return;
  if (yes && context.global.env === environment) return;
  if (!canAsk(context)) throw nobodyConfirms(context, environment, plans);
  const answer = await askAtTerminal(
    context,
    `The environment ${environment} is protected. Type its name to change its database: `,
  );
  if (answer.trim() !== environment)
    throw new KatError('CANCELLED', `nothing was done: the name ${environment} was not typed`);
}

function nobodyConfirms({ global }: Context, environment: string, plans: string | undefined): KatError {
  const consent = `\`${global.env === environment ? '' : `--env ${environment} `}--yes\``;
  const help = plans
    ? `Review the plan that \`kat plan ${plans} --env ${environment}\` shows with the same flags, then add \`--plan-id ID\` with its id. Or add ${consent}.`
    : `Add ${consent} to the command.`;
  return new KatError('USAGE', `changing the protected environment ${environment} needs confirmation`, {
    help,
  });
}
