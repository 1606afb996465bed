/** Fixes a migration until nothing is left that can be fixed. */

import type { Parser } from '../../parse.js';
import type { LintFinding } from '../linter.js';
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

export function fixDrafts(parser: Parser, draft: Draft, lint: DraftLinter): FixedDrafts {
  let drafts: Draft[] = [draft];
  const rules = new Set<string>();
  const refused = new Set<string>();
  for (let round = 0; round < maxRounds; round += 1) {
    const next = lint(drafts).find(
      ({ finding, draft: index }) => finding.fix && !refused.has(keyOf(drafts, index, finding)),
    );
    if (!next?.finding.fix) break;
    const before = drafts[next.draft] as Draft;
    const replaced = applyFix(parser, before, next.finding.fix);
    if (!replaced) refused.add(keyOf(drafts, next.draft, next.finding));
    else {
      drafts = drafts.flatMap((one) => (one === before ? replaced : [one]));
      rules.add(next.finding.rule);
    }
  }
  return { drafts, rules: [...rules] };
}

function keyOf(drafts: readonly Draft[], index: number, { rule, place }: LintFinding): string {
  return `${rule} ${place.start} ${drafts[index]?.up}`;
}
