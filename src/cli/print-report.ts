/** Prints findings in the format that was asked for; one for programs is all that stdout gets. */

import type { Finding } from '../findings.js';
import type { Config } from '../project/config/config.js';
import { findRepositoryRoot } from '../project/folder/repository-root.js';
import type { Context } from './context.js';
import type { FindingsFlags } from './findings-options.js';
import { formatFindings } from './output/findings-text.js';
import { formatAnnotations } from './output/github-annotations.js';
import { formatSarif, type SarifRule } from './output/sarif.js';

/** The output of a command. */
export interface Report {
  format: FindingsFlags['format'];
  findings: readonly Finding[];
  /** Text output only: lines before the findings. */
  heading?: string;
  /** For people alone: shows the line of the file below each finding. */
  isVerbose: boolean;
  /** Text output only: lines after the findings. */
  details?: string;
  /** The last line. */
  summary: string;
  /** Descriptions of the codes for SARIF. */
  rules?: readonly SarifRule[];
}

export function printReport(context: Context, { migration }: Config, report: Report): void {
  const { cwd, style } = context;
  const { format, findings, heading = '', isVerbose, details = '', summary, rules } = report;
  const root = findRepositoryRoot(migration.directory) ?? cwd;
  if (format === 'sarif') context.writeExact(formatSarif(findings, root, rules));
  else if (format === 'github') {
    context.writeExact(formatAnnotations(findings, root));
    context.write(details + summary);
  } else context.write(heading + formatFindings(findings, { cwd, style, isVerbose }) + details + summary);
}
