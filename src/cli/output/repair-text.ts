/** The screen of `repair`. */

import { listIds } from '../../graph/list-ids.js';
import type { RepairFinding, RepairPlan, RepairResult } from '../../index.js';
import type { Style } from './style.js';

/** Everything that is out of line, with what becomes of it or what can be done about it. */
export function repairText({ findings }: RepairPlan, style: Style): string {
  if (findings.length === 0) return '';
  return `${['Differences:', ...findings.flatMap((finding) => linesOf(finding, style))].join('\n')}\n`;
}

function linesOf(finding: RepairFinding, style: Style): string[] {
  const mark = finding.repair ? style.yellow('~') : style.red('!');
  const next = finding.repair ? `→ ${outcomeOf(finding)}` : adviceOf(finding);
  return [`  ${mark} ${finding.id}  ${faultOf(finding)}`, `      ${next}`];
}

function faultOf(finding: RepairFinding): string {
  if (finding.problem === 'changed')
    return `its up.sql was edited after it was applied${finding.onlyComments ? ', but only its comments and white space' : ''}`;
  if (finding.problem === 'missing') return 'it is applied, but its folder is missing';
  const { direction, number, statements, statement, line } = finding.stop;
  const which = `statement ${number}${statements === undefined ? '' : ` of ${statements}`}`;
  const place = line === undefined ? `${direction}.sql` : `line ${line} of ${direction}.sql`;
  const what = statement === undefined ? '' : `: ${shorten(statement)}`;
  return `it stopped at ${place}, ${which}${what}`;
}

const longest = 60;

function shorten(statement: string): string {
  const text = statement.replace(/\s+/g, ' ');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function outcomeOf(finding: RepairFinding): string {
  if (finding.repair === 'accept edit') return acceptedEdit(finding);
  if (finding.problem !== 'half done')
    return `record it as not applied; its changes stay in the database. If its folder comes back, run \`kat stamp --only ${finding.id}\` before \`kat up\``;
  if (finding.repair === 'retry') return `statement ${finding.stop.number} will run again from its beginning`;
  const isApplied = (finding.stop.direction === 'up') === (finding.repair === 'finish');
  if (finding.repair === 'finish') return `record it as ${isApplied ? 'applied' : 'not applied'}`;
  return `record it as ${isApplied ? 'applied' : 'not applied'}; it will run again from its first statement`;
}

function acceptedEdit({ id, mayContain = [] }: { id: string; mayContain?: readonly string[] }): string {
  const done = 'record the current up.sql and down.sql as the applied ones';
  if (mayContain.length === 0) return done;
  return `${done}. The next \`kat up\` then runs ${listIds(mayContain)}: if the database has their changes, run \`kat stamp ${id}\` first`;
}

function adviceOf(finding: RepairFinding): string {
  const { id } = finding;
  if (finding.problem === 'missing') {
    if (finding.replacedBy !== undefined)
      return `unchanged: ${finding.replacedBy} replaces it, and not all that it replaces is applied. Check out the commit before the squash, run \`kat up\`, and return to this commit`;
    return 'unchanged: restore its folder from git, or check out its branch; or remove its record with --drop-missing, which keeps the objects it created';
  }
  if (finding.problem === 'changed') return adviceOnContained(finding);
  const { stop } = finding;
  const command = `kat ${stop.direction}${stop.direction === 'down' ? ` ${id}` : ''}`;
  const hasSql = stop.direction === 'down' || stop.statements !== undefined;
  return `unchanged: \`${command}\` continues it${hasSql ? '' : ' when its folder is back'}; or record its state with \`--done ${id}\` or \`--undone ${id}\``;
}

function adviceOnContained({ id, mayContain = [] }: { id: string; mayContain?: readonly string[] }): string {
  return `unchanged: what was applied may contain the SQL of ${listIds(mayContain)}, not applied: check out the commit that squashed them; or name ${id} to accept the edit`;
}

/** The repaired problems, and the remaining ones. */
export function repairSummary({ findings, isDryRun }: RepairResult, style: Style): string {
  if (findings.length === 0) return 'Nothing to repair\n';
  const repaired = findings.filter((finding) => finding.repair !== undefined).length;
  const left = findings.length - repaired;
  const done = isDryRun ? `DRY RUN: Would repair ${repaired}` : style.green(`Repaired ${repaired}`);
  return `${done}${left > 0 ? `; ${left} unchanged` : ''}\n`;
}
