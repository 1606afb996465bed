/** What `--json` prints, for tests that look into it. */
import { checkDocument, isDocument } from './check-document.js';
import type { KatRun } from './kat-command.js';

export { isDocument };

/** What a run printed, which must be one document that the schema allows. */
export function documentOf({ stdout }: KatRun): ReturnType<typeof checkDocument> {
  return checkDocument(stdout);
}
