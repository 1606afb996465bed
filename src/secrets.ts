/** Removes passwords from any text before it is printed. */

import { maskNamed } from './named-secrets.js';

const mask = '***';

/** Passwords that this process has used; the oldest are dropped, as some services issue new ones every few minutes. */
const known = new Set<string>();
const mostKnown = 100;
/** Shorter ones occur in other words, and would make every text unreadable. */
const leastLength = 5;
/** Words of Kat's own messages, which people choose as passwords of databases on their own computers. */
const everydayWords = new Set(['postgres', 'password', 'database', 'server', 'migration', 'migrations']);

/**
 * Hides `text` in everything that is printed from now on, as it is and percent-encoded.
 * @param shown values that may be seen, such as the user: a secret that equals one of them is none.
 */
export function rememberSecret(text: string | undefined, shown: readonly (string | undefined)[] = []): void {
  if (!text || text.length < leastLength || everydayWords.has(text) || shown.includes(text)) return;
  for (const form of [text, encode(text)]) {
    known.delete(form);
    known.add(form);
  }
  const [oldest] = known;
  if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
}

/** A lone half of a surrogate pair has no percent-encoding. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
}

/** `scheme://user:password@`; a path that is made of a URL has one slash where the URL had two. */
const credentials = /(\b[a-z][a-z0-9+.-]*:\/{1,2}[^\s:@/"']*):[^\s]+@/gi;
const encodedCredentials = /(%3A(?:%2F){1,2}(?:(?!%3A|%40|%2F)[^\s/@])*%3A)[^\s@/]+?(%40)/gi;

/** `user:password@host/database`, whose scheme was forgotten. What follows the host tells it from an address of mail. */
const bareCredentials =
  /((?:^|[\s"'`=(/])[\w.%+-]+):(?!\/)[^\s"'`]+@(?=(?:[\w.-]+|\[[\da-f:.]+\])(?:\/|:\d|\?))/gi;

/** @returns the text with `***` in place of every password in it. */
export function maskSecrets(text: string): string {
  const shown = text
    .replace(credentials, `$1:${mask}@`)
    .replace(encodedCredentials, `$1${mask}$2`)
    .replace(bareCredentials, `$1:${mask}@`);
  let masked = maskNamed(shown);
  for (const secret of longestFirst()) masked = maskKnown(masked, secret);
  return masked;
}

/** A password that is an ordinary word is hidden only as a value, not inside sentences. */
function maskKnown(text: string, secret: string): string {
  if (!/^(?:[a-z]+|[A-Z]+)$/.test(secret)) return text.replaceAll(secret, mask);
  return text.replace(new RegExp(`(?<=["'=:])${secret}|${secret}(?=["'@])`, 'g'), mask);
}

/** One password may be the beginning of another. */
function longestFirst(): string[] {
  return [...known].sort((a, b) => b.length - a.length);
}
