/** Fixes SQL that is written down in a test. */

import type { Draft } from '../../../src/sql/lint/fix/draft.js';
import { type DraftLinter, fixDrafts } from '../../../src/sql/lint/fix/fix-drafts.js';
import { createFixers } from '../../../src/sql/lint/fix/fixers.js';
import { createLinter } from '../../../src/sql/lint/linter.js';
import { rules } from '../../../src/sql/lint/rules.js';
import { loadParser } from '../../../src/sql/syntax/parse.js';

const parser = await loadParser();

interface FixScene {
  /** The up.sql of migrations that are applied. */
  applied?: readonly string[];
  up: string;
  down?: string | undefined;
  isTransactional?: boolean;
}

/** What takes the place of a migration. */
export function fixSql(context: FixScene): readonly Draft[] {
  const { up, down, isTransactional = true } = context;
  const lint = draftLinter(context);
  return fixDrafts(parser, { label: undefined, up, down, isTransactional }, lint).drafts;
}

/** What is found in migrations that follow each other and were one. */
export function lintDrafts(context: FixScene, drafts: readonly Draft[]) {
  return draftLinter(context)(drafts);
}

function draftLinter({ applied = [] }: FixScene): DraftLinter {
  const linter = createLinter(parser, {
    rules,
    severities: new Map(),
    oldestServer: 14,
    fixers: createFixers(parser),
  });
  for (const [index, sql] of applied.entries()) linter.follow(`${index + 1}_applied`, sql);
  return (drafts) => {
    const own = linter.fork();
    return drafts.flatMap((draft, index) =>
      own
        .lint({ ...draft, id: '9_fixed', lockTimeoutMs: 5000, isNewWith: (creator) => creator === '9_fixed' })
        .map((finding) => ({ draft: index, finding })),
    );
  };
}

/** The drafts as one text, for comparing. */
export function showDrafts(drafts: readonly Draft[]): string {
  return drafts
    .map(({ label, up, down, isTransactional }) => {
      const mode = isTransactional ? '' : ' (no_transaction)';
      return `== ${label ?? 'itself'}${mode}\n${up}-- down\n${down ?? ''}`;
    })
    .join('');
}
