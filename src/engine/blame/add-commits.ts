/** Adds to each statement the commit that wrote its line. */

import { present } from '../../present.js';
import { type LineCommits, readLineCommits } from '../../project/git/line-commits.js';
import type { BlamedObject, BlamedStatement, BlameResult } from './result.js';

/** How many git processes run at once. */
const processes = 4;

/** Where git cannot tell, the statements stay as they are, and the result has the reason. */
export async function addCommits(
  objects: readonly BlamedObject[],
): Promise<Pick<BlameResult, 'objects' | 'gitProblem'>> {
  const answers = await readFiles(linesByFile(objects));
  const reason = [...answers.values()].map(problemOf).find((problem) => problem !== undefined);
  return {
    objects: objects.map((object) => ({
      ...object,
      statements: object.statements.map((one) => withCommit(one, answers)),
    })),
    ...present({ gitProblem: reason }),
  };
}

function linesByFile(objects: readonly BlamedObject[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { location } of objects.flatMap(({ statements }) => statements)) {
    found.set(location.file, [...(found.get(location.file) ?? []), location.line]);
  }
  return found;
}

async function readFiles(lines: ReadonlyMap<string, readonly number[]>): Promise<Map<string, LineCommits>> {
  const answers = new Map<string, LineCommits>();
  const waiting = [...lines].values();
  const work = async () => {
    for (const [file, numbers] of waiting) {
      const answer = await readLineCommits(file, numbers);
      answers.set(file, answer);
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
  return answers;
}

function problemOf(answer: LineCommits): string | undefined {
  return 'reason' in answer ? answer.reason : undefined;
}

function withCommit(statement: BlamedStatement, answers: ReadonlyMap<string, LineCommits>): BlamedStatement {
  const answer = answers.get(statement.location.file);
  const commit = answer && !('reason' in answer) ? answer.get(statement.location.line) : undefined;
  if (commit === undefined) return statement;
  return commit === 'uncommitted'
    ? { ...statement, isCommitted: false }
    : { ...statement, isCommitted: true, commit };
}
