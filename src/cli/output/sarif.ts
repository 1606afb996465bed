/** Findings as SARIF 2.1.0, the format in which code scanning services take the results of linters. */

import { relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SourceLocation } from '../../errors.js';
import type { Finding, RelatedPlace, Severity } from '../../findings.js';
import { outsideText, printableJson } from '../../outside-text.js';
import { version } from '../../version.js';
import { sentencesOf } from './findings-text.js';

/** The description of a code. */
export interface SarifRule {
  id: string;
  summary: string;
  /** Undefined for a code whose findings differ in it. */
  severity?: Severity;
}

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/**
 * One document with one run.
 * @param root the top folder of the repository, which files are named relative to
 * @param rules what is known of the codes; codes that are not among them are named all the same
 */
export function formatSarif(
  findings: readonly Finding[],
  root: string,
  rules: readonly SarifRule[] = [],
): string {
  const ids = [...new Set([...rules.map(({ id }) => id), ...findings.map(({ code }) => code)])];
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Kat', version, rules: ids.map((id) => describeRule(id, known.get(id))) } },
        // Kat counts characters, not UTF-16 units.
        columnKind: 'unicodeCodePoints',
        originalUriBaseIds: { SRCROOT: { uri: `${pathToFileURL(root).href}/` } },
        results: findings.map((finding) => resultOf(finding, ids.indexOf(finding.code), root)),
      },
    ],
  };
  return `${printableJson(JSON.stringify(document, null, 2))}\n`;
}

function describeRule(id: string, rule: SarifRule | undefined) {
  if (!rule) return { id };
  return {
    id,
    shortDescription: { text: rule.summary },
    ...(rule.severity ? { defaultConfiguration: { level: levels[rule.severity] } } : {}),
  };
}

function resultOf(finding: Finding, ruleIndex: number, root: string) {
  const { code, severity, location, related = [] } = finding;
  return {
    ruleId: code,
    ruleIndex,
    level: levels[severity],
    message: { text: sentencesOf(finding) },
    ...(location ? { locations: [{ physicalLocation: placeOf(location, root) }] } : {}),
    ...(related.length > 0 ? { relatedLocations: related.map((place) => relatedPlaceOf(place, root)) } : {}),
  };
}

function relatedPlaceOf({ message, location }: RelatedPlace, root: string) {
  return { physicalLocation: placeOf(location, root), message: { text: outsideText(message) } };
}

function placeOf({ file, line, column }: SourceLocation, root: string) {
  const path = relative(root, file);
  const isInside = path !== '' && !path.startsWith('..');
  const uri = path.split(sep).map(encodeURIComponent).join('/');
  return {
    artifactLocation: isInside ? { uri, uriBaseId: 'SRCROOT' } : { uri: pathToFileURL(file).href },
    region: { startLine: line, startColumn: column },
  };
}
