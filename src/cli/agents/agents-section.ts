/** Keeps a section about migrations in AGENTS.md, which coding agents read before they work on a project. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KatError } from '../../errors.js';
import { ioProblem } from '../../project/io-problem.js';
import { saveFile } from '../../project/save-file.js';

const begin = '<!-- kat: written by `kat init --agents` -->';
const end = '<!-- /kat -->';

/** What agents are told. */
export const agentsSection = `${begin}

## Database migrations

Kat (\`npx kat\`, package \`kat-migrate\`) runs the migrations. They form a graph: \`metadata.yaml\` of each names its parents.

- Create one from SQL: \`npx kat add NAME --up FILE --down FILE\`. Kat finds its parents in the SQL.
- Never edit, rename or delete an applied migration; \`npx kat status\` shows which are applied. Add a new one.
- Check before you finish: \`npx kat validate --offline\`, \`npx kat lint\`, \`npx kat check\`, \`npx kat verify --pending\`.
- \`down.sql\` undoes \`up.sql\` and nothing else. \`npx kat verify\` proves it on a throwaway database.
- Do not run \`up\`, \`down\`, \`redo\`, \`sync\`, \`stamp\`, \`repair\` or \`unlock\` unless you were asked to. Show \`npx kat plan\`
  first, and pass its id: \`npx kat up --plan-id ID\`. A rollback destroys rows.
- \`npx kat explain CODE\` explains every error and finding. \`--json\` prints any result as one document.

${end}
`;

export interface AgentsFile {
  /** Absolute. */
  file: string;
  /** Whether it was written; it is left alone where it has this section already. */
  isNew: boolean;
}

/**
 * Adds the section to AGENTS.md of a folder, or replaces the section that an earlier version wrote.
 * @throws KatError FILES_INVALID when the file cannot be read or written, or has the beginning of the section without its end.
 */
export function writeAgentsSection(folder: string): AgentsFile {
  const file = join(folder, 'AGENTS.md');
  const before = read(file);
  const after = withSection(file, before);
  if (after !== before) saveFile(file, after);
  return { file, isNew: after !== before };
}

function withSection(file: string, text: string): string {
  const start = text.indexOf(begin);
  if (start < 0) return `${text}${gapAfter(text)}${agentsSection}`;
  const stop = text.indexOf(end, start);
  if (stop < 0) throw unended(file);
  return text.slice(0, start) + agentsSection.trimEnd() + text.slice(stop + end.length);
}

function gapAfter(text: string): string {
  if (text === '' || text.endsWith('\n\n')) return '';
  return text.endsWith('\n') ? '\n' : '\n\n';
}

function read(file: string): string {
  if (!existsSync(file)) return '';
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { message } = ioProblem('read', file, cause);
    throw new KatError('FILES_INVALID', message, { help: 'Make it a file that you may read.', cause });
  }
}

function unended(file: string): KatError {
  return new KatError('FILES_INVALID', `${file} has the line ${begin}, but not the line ${end} after it`, {
    help: 'Write that line where the section about migrations ends, or delete the section.',
  });
}
