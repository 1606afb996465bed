/** `kat bundle` */

import { counted } from '../../graph/counted.js';
import type { CommandSpec } from '../command.js';
import { findingsExitCode } from '../findings-options.js';
import { openProject } from '../open-project.js';
import { shortPath } from '../output/excerpt.js';

export const bundleCommand: CommandSpec<'bundle', { out?: string; check?: boolean }> = {
  name: 'bundle',
  description:
    'Writes the files of all migrations into one JavaScript module, for a program that is deployed without the migrations folder: `createKat({ migrations: bundle, … })`. Without --out it prints the module. Needs no database.',
  options: [
    {
      flags: '--out <file>',
      description: 'write the module into this file: .mjs, .js, .ts, .cjs or .json',
    },
    {
      flags: '--check',
      description: 'exit with code 3 if the file of --out is stale or missing; write nothing',
    },
  ],
  examples: [
    { command: 'kat bundle --out migrations.mjs', explanation: 'write it before the program is built' },
    {
      command: 'kat bundle --out migrations.mjs --check',
      explanation: 'in CI: is the committed file current?',
    },
  ],
  run: async (context, { out, check }) => {
    const { kat } = await openProject(context, { isOffline: true });
    const { text, ...result } = await kat.bundle({ file: out, check });
    const name = result.file === undefined ? undefined : shortPath(result.file, context.cwd);
    const count = counted(result.migrations.length, 'migration');
    if (name === undefined) context.writeExact(text ?? '');
    else if (text !== undefined) context.write(`wrote ${name} with ${count}\n`);
    else if (result.isValid) context.write(`${context.style.green(`${name} has the ${count}`)}\n`);
    else {
      const advice = `run \`kat bundle --out ${name}\``;
      context.write(`${context.style.red(`${name} is stale or missing`)}: ${advice}\n`);
    }
    return {
      document: { ...result, ...(name === undefined && text !== undefined ? { text } : {}) },
      exitCode: findingsExitCode(result),
    };
  },
};
