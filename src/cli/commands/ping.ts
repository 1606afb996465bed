/** `kat ping` */

import type { KatEvent } from '../../engine/events.js';
import type { CommandSpec } from '../command.js';
import type { Context } from '../context.js';
import { wholeNumber } from '../numbers.js';
import { openProject } from '../open-project.js';
import { connectionText, failureTexts } from '../output/connection-text.js';
import { serverWaitOption } from '../wait-options.js';

export const pingCommand: CommandSpec<'ping', { retryCount: number; retryDelay: number; wait?: number }> = {
  name: 'ping',
  description:
    'Connects to the database and reports the result. Retries temporary failures (connection refused, server starting up, too many connections), with a delay that doubles each time. Reports a wrong password or a missing database at once.',
  options: [
    {
      flags: '-r, --retry-count <number>',
      description: 'number of retries, 0 to 7',
      env: 'KAT_RETRY_COUNT',
      default: 3,
      parse: wholeNumber(0, 7),
    },
    {
      flags: '--retry-delay <ms>',
      description: 'milliseconds before the first retry, 100 to 3000; also -rd',
      env: 'KAT_RETRY_DELAY',
      default: 500,
      parse: wholeNumber(100, 3000),
    },
    { ...serverWaitOption, description: `${serverWaitOption.description}; replaces the two other options` },
  ],
  examples: [
    { command: 'kat ping', explanation: 'try to connect, with up to three retries' },
    {
      command: 'kat ping --retry-count 5 --retry-delay 1000',
      explanation: 'try to connect, with up to five retries',
    },
    {
      command: 'kat ping --wait=2m',
      explanation: 'wait for a database that is starting',
    },
  ],
  run: async (context, { retryCount, retryDelay, wait }) => {
    const { kat, config } = await openProject(context, { onEvent: (event) => show(event) });
    const show = pingScreen(context, config.verbose);
    try {
      const server = await kat.ping({ retries: retryCount, delayMs: retryDelay, waitMs: wait });
      return { document: { server } };
    } finally {
      await kat.close();
    }
  },
};

function pingScreen(context: Context, isVerbose: boolean): (event: KatEvent) => void {
  const failureText = failureTexts(
    ({ error, retryInMs, attempt, attempts }) =>
      `${error.message}; trying again in ${retryInMs} ms (${attempt} of ${attempts})`,
  );
  return (event) => {
    if (event.type === 'connecting' || event.type === 'connected') {
      context.write(connectionText(event, context, { isVerbose }));
    }
    if (event.type === 'connection-failed') {
      const text = failureText(event);
      if (text !== undefined) context.warn(text);
    }
  };
}
