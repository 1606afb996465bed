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

/** `scheme://user:password`, up to the end; a path that is made of a URL has one slash where the URL had two. */
const credentials = /((?<=[a-z0-9+.-]):\/{1,2}[^:@/"']*):.+$/is;
const encodedCredentials = /(%3A(?:%2F){1,2}(?:(?!%3A|%40|%2F)[^\s/@])*%3A)[^\s@/]+?(%40)/gi;

/** `user:password` whose scheme was forgotten, up to the end. `x:=y` and `x::t` are SQL, and `C:\` is a path. */
const bareCredentials = /((?:^|[=(/])[\w.%+-]+):(?![/\\:=]).+$/s;
/** What follows the host tells it from an address of mail. */
const hostOfBare = /(?:[\w.-]+|\[[\da-f:.]+\])(?:\/|:\d|\?)/iy;

/** @returns the text with `***` in place of every password in it. */
export function maskSecrets(text: string): string {
  const shown = text
    .replace(/\S+/g, (word) => maskBefore(word, word.lastIndexOf('@'), credentials))
    .replace(encodedCredentials, `$1${mask}$2`)
    .replace(/[^\s"'`]+/g, (word) => maskBefore(word, findBareHost(word), bareCredentials));
  let masked = maskNamed(shown);
  for (const secret of longestFirst()) masked = maskKnown(masked, secret);
  return masked;
}

/** A long word is read once, not from each place where a password may begin. */
function maskBefore(word: string, end: number, secret: RegExp): string {
  return end < 0 ? word : word.slice(0, end).replace(secret, `$1:${mask}`) + word.slice(end);
}

/** @returns where the `@` before the last host is; -1 without one. */
function findBareHost(word: string): number {
  for (let at = word.lastIndexOf('@'); at >= 0; at = at === 0 ? -1 : word.lastIndexOf('@', at - 1)) {
    hostOfBare.lastIndex = at + 1;
    if (hostOfBare.test(word)) return at;
  }
  return -1;
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
