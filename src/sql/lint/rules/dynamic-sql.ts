/** SQL that is computed at run time cannot be checked beforehand. */

import type { Found, LintedFile, Rule } from '../rule.js';

export const dynamicSql: Rule = {
  id: 'dynamic-sql',
  severity: 'info',
  topic: 'design',
  summary: 'SQL that is built while the migration runs, so that Kat cannot check it',
  checkMigration: ({ up, down }) => [...findDynamic(up, 'up'), ...(down ? findDynamic(down, 'down') : [])],
};

function findDynamic(file: LintedFile, direction: 'up' | 'down'): Found[] {
  const dynamic = file
    .effects()
    .opaque.filter(({ reason, when }) => reason === 'dynamic SQL' && when === 'now');
  const places = new Map(dynamic.map(({ place }) => [place.start, place]));
  return [...places.values()].map(({ start }) => ({
    at: start,
    direction,
    message:
      'EXECUTE runs a text that is known only at run time, so Kat sees neither its locks nor what it needs',
    help: 'Write the statements directly. Or build the text only from constants and literal parameters, which Kat can read.',
  }));
}
