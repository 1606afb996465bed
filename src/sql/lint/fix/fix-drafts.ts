/** Fixes a migration until nothing is left that can be fixed. */

import type { Parser } from '../../syntax/parse.js';
import type { LintFinding } from '../finding.js';
import { applyFix } from './apply-fix.js';
import type { Draft } from './draft.js';

/** Lints drafts that follow each other, and says of each finding which draft it is about. */
export type DraftLinter = (drafts: readonly Draft[]) => { draft: number; finding: LintFinding }[];

/** Enough for the longest of migrations; each round fixes one statement. */
const maxRounds = 500;

/** A migration whose findings were fixed as far as they can be. */
export interface FixedDrafts {
  /** They take the migration's place; itself where there was nothing to fix. */
  drafts: readonly Draft[];
  /** The rules whose findings were fixed, each once. */
  rules: readonly string[];
}

/** Where these find more than before, the down.sql was not divided as it should be, so they must be among those that lint. */
export const wayBackRules: readonly string[] = ['down-drops-more', 'incomplete-down', 'irreversible-step'];

type Found = ReturnType<DraftLinter>;

export function fixDrafts(parser: Parser, draft: Draft, lint: DraftLinter): FixedDrafts {
  let drafts: readonly Draft[] = [draft];
  let found = lint(drafts);
  const rules = new Set<string>();
  const refused = new Set<string>();
  for (let round = 0; round < maxRounds; round += 1) {
    const next = found.find(
      ({ finding, draft: index }) => finding.fix && !refused.has(keyOf(drafts, index, finding)),
    );
    if (!next) break;
    const fixed = replaceDraft(parser, drafts, next);
    const after = fixed && lint(fixed);
    if (!after || countWayBack(after) > countWayBack(found)) {
      refused.add(keyOf(drafts, next.draft, next.finding));
      continue;
    }
    drafts = fixed;
    found = after;
    rules.add(next.finding.rule);
  }
  return { drafts: withOwnLabels(drafts), rules: [...rules] };
}

/** Each draft becomes a migration with its label in its name, by which people speak of it: the second gets a number. */
function withOwnLabels(drafts: readonly Draft[]): Draft[] {
  const taken = new Set<string>();
  return drafts.map((draft) => {
    if (draft.label === undefined) return draft;
    let label = draft.label;
    for (let number = 2; taken.has(label); number += 1) label = `${draft.label}_${number}`;
    taken.add(label);
    return { ...draft, label };
  });
}

function replaceDraft(
  parser: Parser,
  drafts: readonly Draft[],
  { draft: index, finding }: Found[number],
): Draft[] | undefined {
  const before = drafts[index];
  const replaced = before && finding.fix && applyFix(parser, before, finding.fix);
  return replaced && drafts.flatMap((one) => (one === before ? replaced : [one]));
}

function countWayBack(found: Found): number {
  return found.filter(({ finding }) => wayBackRules.includes(finding.rule)).length;
}

function keyOf(drafts: readonly Draft[], index: number, { rule, place }: LintFinding): string {
  return `${rule} ${place.start} ${drafts[index]?.up}`;
}
