/** `kat status` */

import type { CommandSpec } from '../command.js';
import { openProject } from '../open-project.js';
import { formatStatus } from '../output/status-text.js';

export const status: CommandSpec = {
  name: 'status',
  summary: 'Show what is applied and what is pending',
  description:
    'Lists applied migrations with when and how long, then pending ones in the order in which `kat up` would apply them, each with the parents that it still waits for. Changes nothing.',
  options: [],
  examples: [
    { command: 'kat status', explanation: 'show every migration and its state' },
    { command: 'kat status --json', explanation: 'the same for a program' },
  ],
  run: async (context) => {
    const { kat } = await openProject(context);
    try {
      const result = await kat.status();
      context.write(formatStatus(result, context.style));
      return { document: { ...result } };
    } finally {
      await kat.close();
    }
  },
};
