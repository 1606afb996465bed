/** The sessions of one run: what each is at, who is alone at work, and what has failed. */

import type { KatError } from '../../../errors.js';
import type { Step } from '../../../graph/plan.js';
import type { ReadyQueue } from '../../../graph/ready-queue.js';
import type { RunContext } from '../run-context.js';
import type { OnFailure } from '../run-result.js';

/** One session of the run. */
export interface Member {
  context: RunContext;
  /** The steps that it has taken and that have not ended, as numbers. */
  steps: Set<number>;
  /** Whether it waits to be the only one at work: nothing of it is on its way. */
  isWaiting: boolean;
}

/** What the sessions of a run share. */
export interface Team {
  /** The run's own context: its session is the first member's. */
  context: RunContext;
  members: Member[];
  steps: readonly Step[];
  queue: ReadyQueue;
  onFailure: OnFailure;
  failures: KatError[];
  /** Nothing new starts. */
  isStopping: boolean;
  /** Cancels what runs. */
  abort: AbortController;
  /** The one that is alone at work, or waits for that. */
  alone: Member | undefined;
  /** The only one that is left, after a connection was lost. */
  survivor: Member | undefined;
  changes: Changes;
}

/** Wakes those who wait for any change. */
export interface Changes {
  next(): Promise<void>;
  tell(): void;
}

export function createChanges(): Changes {
  let waiting: (() => void)[] = [];
  return {
    next: () => new Promise((resolve) => waiting.push(resolve)),
    tell: () => {
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
  };
}

/** Waits until no other member is at work; no other one starts anything then before `member` has ended its steps. */
export async function workAlone(team: Team, member: Member): Promise<void> {
  member.isWaiting = true;
  team.changes.tell();
  while (team.alone && team.alone !== member) await team.changes.next();
  team.alone = member;
  while (team.members.some((other) => other !== member && isAtWork(other))) await team.changes.next();
  member.isWaiting = false;
}

function isAtWork({ steps, isWaiting }: Member): boolean {
  return steps.size > 0 && !isWaiting;
}

/** Whether the member must not take steps now. */
export function mustWait({ alone, survivor }: Team, member: Member): boolean {
  return (alone !== undefined && alone !== member) || isOut({ survivor }, member);
}

/** Whether the member has no session any more. */
export function isOut({ survivor }: Pick<Team, 'survivor'>, member: Member): boolean {
  return survivor !== undefined && survivor !== member;
}
