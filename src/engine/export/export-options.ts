/** The options of `kat export`, as types without imports of code. */

import type { ExportFormat } from '../../graph/draw/export-formats.js';

export interface ExportOptions {
  /** Default `dot`. */
  format?: ExportFormat | undefined;
  /** With `html`: don't ask the database. */
  offline?: boolean | undefined;
}
