/** Reads the examples of a rule's page in the docs: they are the examples that its tests run. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export const pagesFolder = resolve(import.meta.dirname, '../../../docs/rules');

/** One block of SQL. */
export interface Example {
  sql: string;
  /** What is said behind the block's language. */
  words: ReadonlySet<string>;
}

/** What stands under one headline of the second level. */
interface Section {
  title: string;
  examples: readonly Example[];
}

/** The page of one rule. */
export interface RulePage {
  title: string;
  text: string;
  sections: readonly Section[];
}

export function readRulePage(id: string): RulePage {
  const text = readFileSync(resolve(pagesFolder, `${id}.md`), 'utf8');
  const [head = '', ...parts] = text.split(/^## /m);
  const sections = parts.map((part) => ({
    title: part.slice(0, part.indexOf('\n')).trim(),
    examples: readExamples(part),
  }));
  return { title: /^# (.*)$/m.exec(head)?.[1] ?? '', text, sections };
}

function readExamples(part: string): Example[] {
  return [...part.matchAll(/^```sql([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, info = '', sql = '']) => ({
    sql,
    words: new Set(info.trim().split(/\s+/).filter(Boolean)),
  }));
}
