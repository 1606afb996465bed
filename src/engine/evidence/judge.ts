/** Compares predictions from SQL with what executing the migrations has shown. */

import type { FindingEvidence, Severity } from '../../findings.js';
import { type EvidenceEntry, evidenceMethod, type PairEvidence, type WayBackEvidence } from './entry.js';
import { readEvidence } from './evidence-file.js';
import type { StateNames } from './state.js';

export interface EvidenceSetting {
  /** The migrations folder, absolute. */
  directory: string;
  /** The major version of the servers, where the project says so: evidence of others does not count. */
  postgres: number | undefined;
}

/** What is known of predictions; undefined where nothing is. */
export interface KnownEvidence {
  /** @param ids in any order */
  ofPair(ids: readonly [string, string], severity: Severity): FindingEvidence | undefined;
  /** @param message of a finding about a down.sql */
  ofWayBack(migration: string, message: string): FindingEvidence | undefined;
}

/** The lint rules that predict what `kat verify` finds behind a down.sql. */
export const predictingRules: readonly string[] = ['incomplete-down', 'down-drops-more'];

const none: KnownEvidence = { ofPair: () => undefined, ofWayBack: () => undefined };

/** Leaves out what is stale. @param setting undefined means that no evidence counts. @throws KatError FILES_INVALID for a damaged file. */
export function loadEvidence(setting: EvidenceSetting | undefined, states: StateNames): KnownEvidence {
  const entries = setting && readEvidence(setting.directory);
  if (!entries) return none;
  const { postgres } = setting;
  const isWanted = (entry: EvidenceEntry) =>
    entry.method === evidenceMethod && (postgres === undefined || entry.postgres === postgres);
  const wanted = entries.filter(isWanted);
  return {
    ofPair: (ids, severity) => {
      const key = [...ids].sort().join(' ');
      const found = wanted.filter(
        (entry) => 'pair' in entry && entry.pair.join(' ') === key,
      ) as PairEvidence[];
      const state = found.length === 0 ? undefined : states.ofUp(ids);
      return strongest(found.filter((entry) => entry.state === state).map((one) => judgePair(one, severity)));
    },
    ofWayBack: (migration, message) => {
      const isAbout = (entry: EvidenceEntry) => 'migration' in entry && entry.migration === migration;
      const found = wanted.filter(isAbout) as WayBackEvidence[];
      const state = found.length === 0 ? undefined : states.ofWayBack(migration);
      return strongest(
        found.filter((entry) => entry.state === state).map((one) => judgeWayBack(one, message)),
      );
    },
  };
}

/** What any execution has shown can happen. */
function strongest(found: readonly FindingEvidence[]): FindingEvidence | undefined {
  return found.find(({ verdict }) => verdict === 'confirmed') ?? found[0];
}

/** Rows are not compared, so only the schema of an error is refuted. */
export function verdictOnPair(ends: PairEvidence['ends'], severity: Severity): FindingEvidence['verdict'] {
  if (ends !== 'same') return 'confirmed';
  return severity === 'error' ? 'refuted' : 'not seen';
}

function judgePair({ ends, postgres }: PairEvidence, severity: Severity): FindingEvidence {
  const verdict = verdictOnPair(ends, severity);
  const shown = {
    fails: 'one of the two orders fails',
    differs: 'the two orders end in different schemas',
    same: 'both orders end in the same schema',
  };
  return { verdict, message: sentence(verdict, postgres, shown[ends]) };
}

/** A prediction holds when a difference is about an object that it names; what is of the whole server is not compared. */
export function verdictOnWayBack(differs: readonly string[], message: string): FindingEvidence['verdict'] {
  if (differs.some((name) => name === '*' || names(message, name))) return 'confirmed';
  return isOfServer.test(message) ? 'not seen' : 'refuted';
}

const isOfServer = /\bthe (?:role|tablespace|database|large object) /;

/** Not as a part of another name. */
function names(message: string, name: string): boolean {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`).test(message);
}

function judgeWayBack({ differs, postgres }: WayBackEvidence, prediction: string): FindingEvidence {
  const verdict = verdictOnWayBack(differs, prediction);
  const shown = {
    confirmed: 'down.sql does not restore the schema',
    refuted: 'down.sql restores the object',
    'not seen': 'objects of the whole server are not compared',
  }[verdict];
  return { verdict, message: sentence(verdict, postgres, shown) };
}

function sentence(verdict: FindingEvidence['verdict'], postgres: number, shown: string): string {
  const word = `${verdict.charAt(0).toUpperCase()}${verdict.slice(1)}`;
  return `${word} by execution on PostgreSQL ${postgres}: ${shown}`;
}
