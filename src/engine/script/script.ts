/** What is asked of a script, and the script that the library's users get. */

import type { MovePlan, PlanRequest } from '../plan/move-plan.js';

/** The client that runs the script: psql, or any other client that stops at the first error. */
export type ScriptClient = 'psql' | 'any';

export interface ScriptManner {
  client: ScriptClient;
  isSingleTransaction: boolean;
}

export type ScriptRequest = PlanRequest & ScriptManner;

/** A plan, and the script that carries it out. */
export interface PlanScript extends MovePlan {
  /** UTF-8 text that ends with a line feed. */
  sql: string;
}
