/** The predicted schedule of a run with several sessions. Separate, because the library exports these types. */

import type { SourceLocation } from '../../errors.js';

/** Why a step runs alone, or apart from another one. */
export const apartReasons = ['alone', 'conflict', 'lock', 'catalog row', 'snapshot'] as const;

/** An action of a migration, and its place. */
export interface PlacedDeed {
  id: string;
  /** Such as `drops type mood`. */
  words: string;
  location: SourceLocation;
}

/** A step that does not run beside others, or not beside all of them. */
export interface StepApart {
  reason: (typeof apartReasons)[number];
  own: PlacedDeed;
  /** The first step that it is kept apart from; undefined with the reason `alone`. */
  other?: PlacedDeed;
  /** How many further steps it is kept apart from. */
  others: number;
}

/** How `up` would run the steps of a plan with several sessions. */
export interface PlanSchedule {
  /** How many sessions were asked for. */
  jobs: number;
  /** How many sessions can be at work at the same time, at most 64. */
  width: number;
  /** Ids by session, in order. */
  lanes: readonly (readonly string[])[];
  /** The longest chain of steps, as ids. */
  criticalPath: readonly string[];
  /** In the order of the plan. */
  apart: readonly StepApart[];
}
