/** `kat doctor` */

import type { DoctorCheck, DoctorResult } from '../../engine/doctor/result.js';
import { KatError } from '../../errors.js';
import type { Kat } from '../../index.js';
import type { CommandSpec } from '../command.js';
import type { Context } from '../context.js';
import { openProject } from '../open-project.js';
import { doctorText } from '../output/state/doctor-text.js';

/** As exit codes go: a check found something that needs a decision. */
const checkFailed = 3;

export const doctorCommand: CommandSpec<'doctor'> = {
  name: 'doctor',
  description:
    'Checks the configuration, the migrations folder, git, the connection, the server, a pooler, the tracking table, the rights of the role, the state of the migrations and the lock. Each check says what to do. Exits with code 3 when a check finds an error. Changes nothing.',
  options: [],
  examples: [
    { command: 'kat doctor', explanation: 'check everything' },
    { command: 'kat doctor --env staging', explanation: 'check another environment' },
  ],
  run: async (context) => {
    const result = await examine(context);
    context.write(doctorText(result, context.style));
    return { document: { ...result }, ...(result.isHealthy ? {} : { exitCode: checkFailed }) };
  },
};

async function examine(context: Context): Promise<DoctorResult> {
  const opened = await openWithCheck(context);
  if (!opened.kat) return { isHealthy: false, checks: [opened.check] };
  try {
    const { isHealthy, checks } = await opened.kat.doctor();
    return { isHealthy, checks: [opened.check, ...checks] };
  } finally {
    await opened.kat.close();
  }
}

async function openWithCheck(context: Context): Promise<{ check: DoctorCheck; kat?: Kat }> {
  try {
    const { kat, config } = await openProject(context);
    const place = config.environment === undefined ? '' : `, environment ${config.environment}`;
    return { kat, check: { name: 'configuration', outcome: 'ok', message: `${config.file}${place}` } };
  } catch (error) {
    if (!(error instanceof KatError) || error.code !== 'CONFIG_INVALID') throw error;
    const { checkOf } = await import('../../engine/doctor/single-check.js');
    return { check: { name: 'configuration', ...checkOf(error) } };
  }
}
