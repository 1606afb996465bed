/** The type of a command's `--json` document, as the published schema has it: what a command returns cannot drift from it. */

import type * as v from 'valibot';
import type { documents } from './documents.js';

type Success = Extract<v.InferOutput<typeof documents>, { ok: true }>;

/** The commands that print a document. */
export type CommandName = Success['command'];

/** The document of one command, without the fields that all documents share. */
export type DocumentOf<Name extends CommandName> = Name extends CommandName
  ? Readable<Omit<Extract<Success, { command: Name }>, 'command' | 'ok' | 'environment'>>
  : never;

/** Results are read-only; those who write the schema need not say so. */
type Readable<T> = T extends object ? { readonly [Key in keyof T]: Readable<T[Key]> } : T;
