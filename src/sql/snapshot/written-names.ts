/** Takes apart what catalogs write: lists, and names with the quotes of `quote_ident`. */

/** Splits a list such as `a, "b, c", 'd, e', numeric(3, 1)` at the commas outside of quotes and brackets. */
export function splitList(text: string | undefined, separator: ',' | ';' = ','): string[] {
  const parts = (text ?? '').match(separator === ',' ? betweenCommas : betweenSemicolons) ?? [];
  return parts.map((part) => part.trim());
}

const bracketed = /\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/.source;
const quotedText = /"[^"]*"|'[^']*'/.source;
const betweenCommas = new RegExp(`(?:${quotedText}|${bracketed}|[^,"'(])+`, 'g');
const betweenSemicolons = new RegExp(`(?:${quotedText}|[^;"'])+`, 'g');

/** `public.users` of `public.users.email`; empty for a name of one part. */
export function withoutLastPart(name: string): string {
  return /^(.*)\.(?:"(?:[^"]|"")*"|[^".]*)$/s.exec(name)?.[1] ?? '';
}

/** The kind in front of what a grant or a comment is about, as `pg_identify_object` writes it. */
export const subjectKind = new RegExp(
  `^(?:${[
    'text search \\w+',
    '(?:table|view|materialized view|foreign table|composite type|index) column',
    '(?:table|domain) constraint',
    'materialized view|foreign table|composite type|event trigger|statistics object|foreign-data wrapper',
    'access method|operator class|operator family|user mapping|[a-z]+',
  ].join('|')}) `,
);

/** What a grant or a comment is about: `public.users.email` of `table column public.users.email`. */
export function noteSubject(of: string): string {
  return of.replace(subjectKind, '');
}

/** `public.users` of `audit on public.users`; undefined where nothing is on another object. */
export function relationInSubject(subject: string): string | undefined {
  return /^(?:"(?:[^"]|"")*"|[^" ]+) on (.*)$/s.exec(subject)?.[1];
}

/** The subject of a grant or a comment, and the object of which it may be a part. */
export function subjectNames(of: string): string[] {
  const subject = noteSubject(of);
  return [subject, relationInSubject(subject) ?? withoutLastPart(subject)];
}
