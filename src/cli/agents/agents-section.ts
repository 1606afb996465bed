/** Keeps a section about migrations in AGENTS.md, which coding agents read before they work on a project. */

import { join } from 'node:path';
import { KatError } from '../../errors.js';
import { type ChangedFile, changeFile } from '../../project/change-file.js';

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

/**
 * Adds the section to AGENTS.md of a folder, or replaces the section that an earlier version wrote.
 * @throws KatError FILES_INVALID when the file cannot be read or written, or has the beginning of the section without its end.
 */
export function writeAgentsSection(folder: string): ChangedFile {
  const file = join(folder, 'AGENTS.md');
  return changeFile(file, (text) => withSection(file, text));
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

function unended(file: string): KatError {
  return new KatError('FILES_INVALID', `${file} has the line ${begin}, but not the line ${end} after it`, {
    help: 'Write that line where the section about migrations ends, or delete the section.',
  });
}
