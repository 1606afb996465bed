/** A name of more than 63 bytes is cut, and nothing but a notice says so. */

import { cutName } from '../../postgres/generated-names.js';
import { findIdentifiers } from '../identifiers.js';
import type { Rule } from '../rule.js';

const maxBytes = 63;

/** Most texts have no run of letters that is long enough, and nothing that would need a closer look. */
const mayHaveLongName = /(?<![\w$])[\w$]{64}|["\u0080-\uffff]/;

export const longIdentifier: Rule = {
  id: 'long-identifier',
  severity: 'warning',
  topic: 'design',
  summary: 'a name of more than 63 bytes, which PostgreSQL cuts',
  checkStatement: ({ text, start }) => {
    if (!mayHaveLongName.test(text)) return [];
    const seen = new Set<string>();
    return findIdentifiers(text).flatMap((found) => {
      const bytes = Buffer.byteLength(found.name);
      if (bytes <= maxBytes || seen.has(found.name)) return [];
      seen.add(found.name);
      return [
        {
          at: start + found.start,
          message: `a name of ${bytes} bytes is cut to the first ${maxBytes}: ${cutName(found.name)}`,
          help: 'Use a shorter name. Other programs see only the cut name, and two long names can become the same.',
        },
      ];
    });
  },
};
