/** The result of `doctor`: what was looked at, and what is wrong with it. */

export const checkNames = [
  'configuration',
  'folder',
  'git',
  'connection',
  'server',
  'pooler',
  'tracking table',
  'rights',
  'migrations',
  'lock',
] as const;

/** What one check is about. */
export type CheckName = (typeof checkNames)[number];

export const checkOutcomes = ['ok', 'warning', 'error', 'skipped'] as const;

/** One check, and what it found. */
export interface DoctorCheck {
  name: CheckName;
  /** `skipped` if another check failed first, or the check does not apply to this database. */
  outcome: (typeof checkOutcomes)[number];
  /** What was found, without passwords. */
  message: string;
  /** What to do about it. */
  help?: string;
}

export interface DoctorResult {
  /** Whether no check found an error. */
  isHealthy: boolean;
  /** In the order in which they were made. */
  checks: readonly DoctorCheck[];
}
