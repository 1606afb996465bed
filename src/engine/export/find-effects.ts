/** Finds what each migration's SQL creates, changes and drops. */

import type { Graph } from '../../graph/graph.js';
import { printableLine } from '../../outside-text.js';
import type { PageEffect } from '../../page/page-data.js';
import { entriesOf } from '../../sql/blame/entries.js';
import { followObjects } from '../../sql/blame/follow-objects.js';
import { readSql } from '../deps/read-sql.js';

/** @returns effects by the migration's id, in the order of its file. */
export async function findEffects(graph: Graph): Promise<Map<string, PageEffect[]>> {
  const history = await readSql(graph);
  const found = new Map(history.map(({ id }): [string, PageEffect[]] => [id, []]));
  for (const { migration, deeds, place, isConditional } of followObjects(history).tracked.flatMap(
    entriesOf,
  )) {
    const effects = found.get(history[migration]?.id ?? '') ?? [];
    for (const deed of deeds)
      addOnce(effects, { text: printableLine(deed), line: place.line, isConditional });
  }
  for (const effects of found.values()) effects.sort((one, other) => one.line - other.line);
  return found;
}

/** A new column is a change of its table as well. */
function addOnce(effects: PageEffect[], effect: PageEffect): void {
  if (!effects.some(({ text, line }) => text === effect.text && line === effect.line)) effects.push(effect);
}
