/** Recognises environments that start many short-lived copies of a program. */

import { KatError } from '../../errors.js';

/** Variables that the platforms set: AWS Lambda and Vercel and Netlify, which run on it. */
const variables = ['VERCEL', 'AWS_LAMBDA_FUNCTION_NAME', 'NETLIFY'];

/** What edge runtimes define globally. */
const edgeGlobal = 'EdgeRuntime';

/** Each copy would try to apply, and the platform may end one in the middle of a migration. @throws KatError USAGE */
export function refuseServerless(env: Readonly<Record<string, string | undefined>>): void {
  const found = variables.find((name) => env[name]);
  if (found === undefined && !(edgeGlobal in globalThis)) return;
  const reason = found === undefined ? `\`${edgeGlobal}\` is defined` : `${found} is set`;
  throw new KatError('USAGE', `\`ensure\` applies no migrations in a serverless function: ${reason}`, {
    help: 'Run `kat up` in the release step, before the new version takes requests. Use the mode `check` here.',
  });
}
