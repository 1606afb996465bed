/** `kat watch` */

import type { RunObservation } from '../../engine/read/observe-run.js';
import type { CommandSpec } from '../command.js';
import type { Context } from '../context.js';
import { openProject } from '../open-project.js';
import { formatObservation } from '../output/run/watch-text.js';

export const watch: CommandSpec<'watch', { once?: boolean }> = {
  name: 'watch',
  description:
    'Shows what a run of Kat does at the moment, from another terminal: who runs it, the current migration and statement, the phase of a long statement, the sessions that it waits for, each with those that it waits for itself, and the sessions that wait for it. Updates once a second, and waits for a run if there is none, until you press Ctrl-C. Without a terminal it prints only changes. Changes nothing.',
  options: [{ flags: '--once', description: 'show the state once, and exit; so does `--json`' }],
  examples: [
    { command: 'kat watch', explanation: 'follow the run in progress' },
    { command: 'kat watch --once', explanation: 'show what the run does now' },
    { command: 'kat watch --json', explanation: 'the same for a program' },
  ],
  run: async (context, { once = false }) => {
    const { kat } = await openProject(context);
    const show =
      once || !context.showsProgress
        ? createPrinter(context, { isLasting: !once && !context.global.json })
        : drawWith(context);
    let last: RunObservation | undefined;
    try {
      for await (const observation of kat.watch()) {
        last = observation;
        show(observation);
        if (once || context.global.json) break;
      }
      return { document: last ?? { at: new Date().toISOString(), runners: [], migrations: [] } };
    } finally {
      await kat.close();
    }
  },
};

function textWhileWaiting(observation: RunObservation): string {
  const text = formatObservation(observation);
  return observation.runners.length > 0 ? text : `${text}. Waiting for one: press Ctrl-C to stop`;
}

function drawWith(context: Context): (observation: RunObservation) => void {
  return (observation) => context.showProgress(textWhileWaiting(observation));
}

/** Prints what is another text than the last one, numbers aside. */
function createPrinter(
  context: Context,
  { isLasting }: { isLasting: boolean },
): (observation: RunObservation) => void {
  let printed: string | undefined;
  return (observation) => {
    const text = isLasting ? textWhileWaiting(observation) : formatObservation(observation);
    const words = text.replace(/[\d█░.]+/g, '');
    if (words !== printed) context.write(`${text}\n`);
    printed = words;
  };
}
