/** `--plan-id` and `--plan`: run only the plan that was reviewed. */

import type { ReviewedPlan } from '../engine/plan/move-plan.js';
import { KatError } from '../errors.js';
import type { CommandOption } from './command.js';
import type { Context } from './context.js';
import { flagError } from './flag-error.js';
import type { CommandName } from './output/documents/document-of.js';
import { readInput } from './read-input.js';

export interface ReviewFlags {
  planId?: string | undefined;
  plan?: string | undefined;
}

export const reviewOptions: readonly CommandOption[] = [
  {
    flags: '--plan-id <id>',
    description:
      'run only if the plan is still the one that `kat plan` gave this id; this replaces the confirmation',
  },
  {
    flags: '--plan <file>',
    description:
      'run only if the plan is still the one in this file, the output of `kat plan --json`; otherwise show the differences; this replaces the confirmation',
  },
];

const planHelp = 'Name a file with the output of `kat plan --json`, made with a connection to the database.';

/** @throws KatError USAGE for both flags, or for what is no id; FILES_INVALID for a file that is no plan. */
export function reviewedPlan(
  context: Context,
  command: CommandName,
  { planId, plan: file }: ReviewFlags,
): ReviewedPlan | undefined {
  if (planId !== undefined && file !== undefined) {
    throw flagError(command, '--plan-id and --plan cannot be combined', 'Use only one of them.');
  }
  if (file !== undefined) return parsePlan(readInput(context, file, planHelp), file);
  if (planId === undefined) return undefined;
  if (!isPlanId(planId)) {
    throw flagError(
      command,
      `${JSON.stringify(planId)} is not a plan id`,
      'Copy the 16 characters of the plan id from `kat plan`.',
    );
  }
  return { planId };
}

function isPlanId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{16}$/.test(value);
}

function parsePlan(text: string, file: string): ReviewedPlan {
  const document = parseJson(text, file);
  if (!isPlanId(document.planId))
    throw notAPlan(
      hasError(document)
        ? `${file} has the error of a command that failed, and no plan`
        : `${file} has no plan id`,
    );
  const { planId, steps } = document;
  return { planId, ...(isSteps(steps) ? { steps } : {}) };
}

/** What `kat plan --json` prints where it fails. */
function hasError({ error }: Record<string, unknown>): boolean {
  return typeof error === 'object' && error !== null;
}

function parseJson(text: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw notAPlan(`${file} is not JSON`, cause);
  }
  throw notAPlan(`${file} has no plan id`);
}

function isSteps(value: unknown): value is NonNullable<ReviewedPlan['steps']> {
  const isStep = (step: unknown) =>
    typeof step === 'object' && step !== null && 'id' in step && 'direction' in step && 'checksum' in step;
  return Array.isArray(value) && value.every(isStep);
}

function notAPlan(message: string, cause?: unknown): KatError {
  return new KatError('FILES_INVALID', message, { help: planHelp, cause });
}
