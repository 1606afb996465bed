/** Reads a password from ~/.pgpass, as libpq does. */

import { statSync } from 'node:fs';
import { readRegularFile } from '../../regular-file.js';
import type { Notice } from '../driver.js';

/** The target of a password. */
export interface PasswordKey {
  /** A host name or address, or the folder of a Unix socket. */
  host: string;
  port: number;
  database: string;
  user: string;
}

export interface PasswordLookup {
  password: string | undefined;
  /** Why the file was not used, where people should know. */
  warning: Notice | undefined;
}

/** @returns the first entry of `file` that fits; nothing when there is no such file or entry. Never throws. */
export function findPassword(file: string, key: PasswordKey): PasswordLookup {
  try {
    const { mode } = statSync(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      return { password: undefined, warning: tooOpen(file) };
    return { password: parsePasswordFile(readRegularFile(file).toString('utf8'), key), warning: undefined };
  } catch {
    return { password: undefined, warning: undefined };
  }
}

function tooOpen(file: string): Notice {
  return {
    severity: 'WARNING',
    isRaised: false,
    sqlstate: '01000',
    message: `the password file ${file} is ignored because others may read it`,
    hint: 'Make it private: chmod 600.',
  };
}

function parsePasswordFile(text: string, key: PasswordKey): string | undefined {
  const wanted = [hostNames(key.host), [String(key.port)], [key.database], [key.user]];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = splitFields(line);
    const [password] = fields.slice(4);
    const fits = wanted.every(
      (values, index) => fields[index] === '*' || values.includes(unquote(fields[index])),
    );
    if (fits && password) return unquote(password);
  }
  return undefined;
}

/** Sockets are listed under their folder or, as libpq does for its default folder, as localhost. */
function hostNames(host: string): string[] {
  return host.startsWith('/') ? [host, 'localhost'] : [host];
}

/** Splits at colons that no backslash precedes. */
function splitFields(line: string): string[] {
  return line.match(/(?<=^|:)(?:\\.|[^:\\]|\\$)*/g) ?? [];
}

function unquote(field: string | undefined): string {
  return (field ?? '').replace(/\\(.)/g, '$1');
}
