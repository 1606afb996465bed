/** Writes the graph in any of the formats of `kat export`. */

import { exportText } from '../../graph/draw/export.js';
import { buildGraph } from '../../graph/graph.js';
import { loadMigrations } from '../../project/folder/load.js';
import type { LintSetting } from '../lint/lint.js';
import type { ExportOptions } from './export-options.js';

/**
 * Ends with a line break. Only `html` asks the database.
 * @throws KatError FILES_INVALID, GRAPH_INVALID; with `html` what `collectPage` throws.
 */
export async function writeExport(
  setting: LintSetting,
  { format = 'dot', offline }: ExportOptions,
): Promise<string> {
  if (format !== 'html') return exportText(buildGraph(await loadMigrations(setting.directory)), format);
  const [{ collectPage }, { writePage }] = await Promise.all([
    import('./collect-page.js'),
    import('../../page/write-page.js'),
  ]);
  return writePage(await collectPage(setting, { offline }));
}
