/** `kat explain`: every code of the program has an explanation, without a project or a network. */
import { expect, test } from 'vitest';
import { exitCodeMeanings, exitCodes } from '../../src/cli/exit-code.js';
import { checkKinds } from '../../src/engine/check/codes.js';
import { dependencySeverities } from '../../src/engine/deps/codes.js';
import { driftKinds } from '../../src/engine/drift/codes.js';
import { findingKinds } from '../../src/engine/validate/codes.js';
import { verifyKinds } from '../../src/engine/verify-codes.js';
import { rules } from '../../src/sql/lint/rules.js';
import { documentOf } from '../support/document.js';
import { makeProject } from '../support/kat-project.js';

const project = makeProject();

/** What the program can print, by kind. */
const codes: Readonly<Record<string, readonly string[]>> = {
  'exit code': exitCodeMeanings.map(([code]) => `${code}`),
  error: Object.keys(exitCodes),
  'finding of `kat validate`': Object.keys(findingKinds),
  'finding of `kat deps`': Object.keys(dependencySeverities),
  'finding of `kat check`': Object.keys(checkKinds),
  'finding of `kat verify`': Object.keys(verifyKinds),
  'finding of `kat drift`': Object.keys(driftKinds),
  'lint rule': rules.map(({ id }) => id),
};

test('every code is explained once for each kind, and no other', async () => {
  const document = documentOf(await project.kat('explain --json'));
  const { explanations } = document as unknown as {
    explanations: { code: string; kind: string; summary: string; text: string }[];
  };
  const found: Record<string, string[]> = {};
  for (const { code, kind, summary, text } of explanations) {
    const group = kind.replace(/,.*/, '');
    found[group] = [...(found[group] ?? []), code];
    expect(`${summary}${text}`.length, code).toBeGreaterThan(3);
    expect(summary, code).toMatch(/^[^|]+$/);
  }
  const sorted = (lists: Readonly<Record<string, readonly string[]>>) =>
    Object.fromEntries(Object.entries(lists).map(([kind, list]) => [kind, [...list].sort()]));
  expect(sorted(found)).toEqual(sorted(codes));
});

test('as text: examples are indented, tables are lists, links have no targets', async () => {
  const { code, stdout, stderr } = await project.kat('explain graph_invalid');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^GRAPH_INVALID \(error\)\n\nThe parents form a cycle, or a parent is missing, ambiguous or named twice\./,
  );
  expect(stdout).toContain('\n    parents: [create_tags, create_user]\n');
  expect(stdout).toContain(
    '\n`Ambiguous parent`\n    cause: several migrations have this name\n    answer: write the timestamp\n',
  );
  expect(stdout).toContain(
    '    cause: a migration that was squashed has a folder, or two claim to replace it\n',
  );
  expect(stdout).not.toMatch(/^\| ---|^\|.*\|$/m);
  expect(stdout).toMatch(/\n\nSee docs\/errors\.md\.\n$/);
  expect(stdout).not.toMatch(/```|\]\(|<!--/);
  const { stdout: rule } = await project.kat('explain drop-column');
  expect(rule).toMatch(/^drop-column \(lint rule, warning\)\n\nDROP COLUMN of a column/);
  expect(rule).toContain('\n\nBetter\n\n');
});

test('an exit code lists its errors, and a code of several kinds has all explanations', async () => {
  expect((await project.kat('explain 4')).stdout).toBe(
    '4 (exit code)\n\nanother runner holds the lock\n\nErrors with this exit code: `LOCKED`.\n\nSee docs/errors.md.\n',
  );
  const { stdout } = await project.kat('explain empty-up');
  expect(stdout).toContain('empty-up (finding of `kat validate`)\n');
  expect(stdout).toContain('empty-up (lint rule, ');
});

test('an unknown code ends with 2 and the nearest ones', async () => {
  const near = await project.kat('explain graph_invald');
  expect(near).toMatchObject({ code: 2, stdout: '' });
  expect(near.stderr).toContain('there is no code "graph_invald"\n\nDid you mean GRAPH_INVALID?');
  expect((await project.kat('explain qqqqqqqq')).stderr).toContain('Run `kat explain` to list all codes.');
});

test('without a code all are listed', async () => {
  const { stdout } = await project.kat('explain');
  expect(stdout).toContain('\nlint rule\n');
  expect(stdout).toMatch(/\n {2}LOCKED {2,}Another run of Kat/);
});
