/** Reads the names of a migration and the locks on them, without what other migrations make of these names. */

import type { KeyAccess } from '../dependencies/access.js';
import type { LockMode } from '../impact/impact.js';
import { nodeOf } from '../syntax/node-of.js';
import type { Statement } from '../syntax/parse.js';
import type { Footprint } from './footprint.js';
import { addLock, allColumns, type NamedLocks, type NameFootprint, packNames } from './name-footprint.js';
import { addHistory } from './names-of-history.js';
import { type Claims, claimReaders } from './statement-claims.js';

/** What its history tells of a migration. */
export interface HistoryOfMigration {
  text: string;
  footprint: Footprint;
  /** All its accesses, those that only its history shows included. */
  accesses: Iterable<KeyAccess>;
}

interface NameFootprintReader {
  /** @returns undefined if the migration may do more than its text shows: then only its history tells. */
  read(text: string, statements: readonly Statement[]): NameFootprint | undefined;
  /** @returns undefined if the names do not tell which migrations it may meet. */
  readWithHistory(history: HistoryOfMigration): NameFootprint | undefined;
}

/** What the texts of a plan show. */
export interface NameFootprints {
  /** By id, without migrations whose history is needed. */
  byId: ReadonlyMap<string, NameFootprint>;
  /** Whether a text may make partitions or heirs. */
  makesFamilies: boolean;
  /** The schemas that the texts make, or give such a name: names without a schema may mean things in them from then on. */
  schemas: Set<string>;
  /** That of all these footprints. */
  reader: NameFootprintReader;
}

/** The footprints of one reader can be compared. */
export function createNameFootprintReader(): NameFootprintReader {
  const numbers = new Map<string, number>();
  const numberOf = (name: string) => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, numbers.size);
    return numbers.size - 1;
  };
  return {
    read: (text, statements) => {
      const locks = wordsOf(text);
      const claims = locks && readClaims(locks, statements);
      return claims && { ...claims, names: packNames(locks, numberOf) };
    },
    readWithHistory: ({ text, footprint, accesses }) => {
      const locks = wordsOf(text);
      if (!locks || !addHistory(locks, footprint, accesses) || !areWords(locks)) return undefined;
      const { long, waitsForSnapshots } = footprint;
      return {
        names: packNames(locks, numberOf),
        locksExisting: true,
        isLong: long !== undefined,
        waitsForSnapshots: waitsForSnapshots !== undefined,
      };
    },
  };
}

/** The longest name that PostgreSQL does not cut, in bytes. */
const maxNameBytes = 63;

/** Comments by which a migration creates or needs what its SQL does not show. */
const directives = /kat:(?:provides|requires)/;

/** Identifiers of scan.l: each byte of a character beyond ASCII is a letter. Strings and comments count, too. */
const words = /[a-z_\u0080-\uffff][a-z0-9_$\u0080-\uffff]*/g;

/** Whatever the text may name, in lower case, so that quotes do not matter; undefined if a name may be spelled in another way. */
function wordsOf(text: string): NamedLocks | undefined {
  if (directives.test(text)) return undefined;
  const lower = text.toLowerCase();
  if (lower.includes('u&"') || lower.includes("u&'")) return undefined;
  const locks: NamedLocks = new Map();
  for (const word of lower.match(words) ?? []) {
    if (word.length > maxNameBytes / 3 && Buffer.byteLength(word) > maxNameBytes) return undefined;
    locks.set(word, 'ACCESS SHARE');
  }
  return locks;
}

const familyWords = /\b(?:inherits?|partition)\b/i;

/** Whether a text may make a partition or an heir, also in a body or a string. */
export function mayMakeFamily(text: string): boolean {
  return familyWords.test(text);
}

/** The names that schemas get by the statements. */
export function schemasMadeIn(statements: readonly Statement[]): string[] {
  return statements.flatMap(({ node }) => {
    const { schemaname, authrole } = nodeOf(node, 'CreateSchemaStmt') ?? {};
    const rename = nodeOf(node, 'RenameStmt');
    const renamed = rename?.renameType === 'OBJECT_SCHEMA' ? rename.newname : undefined;
    return schemaname ?? authrole?.rolename ?? renamed ?? [];
  });
}

const isWord = new RegExp(`^${words.source}$`);

/** Whether all names can be found among the words of another text. */
function areWords(locks: NamedLocks): boolean {
  return [...locks.keys()].every((name) => name === allColumns || isWord.test(name));
}

function readClaims(
  locks: NamedLocks,
  statements: readonly Statement[],
): Omit<NameFootprint, 'names'> | undefined {
  const { claims, found } = collectClaims(locks);
  const isRead = statements.every(({ kind, node }) => claimReaders[kind]?.(claims, node) === true);
  const { areWords, ...footprint } = found;
  return isRead && areWords ? footprint : undefined;
}

/** `found` changes with each claim; `areWords` says whether all names can be found among the words of another text. */
function collectClaims(locks: NamedLocks) {
  const found = { locksExisting: false, isLong: false, waitsForSnapshots: false, areWords: true };
  const own = new Set<string>();
  const claim = (name: string, mode: LockMode) => {
    const lower = name.toLowerCase();
    found.areWords &&= locks.has(lower) || isWord.test(lower);
    addLock(locks, lower, mode);
  };
  const claims: Claims = {
    create: (name, schema) => {
      own.add(`${schema ?? ''}.${name}`);
      claim(name, 'ACCESS EXCLUSIVE');
    },
    lock: ({ relname = '', schemaname = '' }, mode) => {
      claim(relname, mode);
      const isOwn = own.has(`${schemaname}.${relname}`);
      found.locksExisting ||= !isOwn;
      return isOwn;
    },
    isTaken: (name) => locks.get(name.toLowerCase()) === 'ACCESS EXCLUSIVE',
    useRowTypes: () => addLock(locks, allColumns, 'SHARE'),
    changeColumns: () => addLock(locks, allColumns, 'ROW EXCLUSIVE'),
    mark: (mark) => {
      found[mark] = true;
    },
  };
  return { claims, found };
}
