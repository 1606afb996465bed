import { expectTypeOf, test } from 'vitest';
import type { CommandName, DocumentOf } from '../../../src/cli/output/documents/document-of.js';
import type { Kat } from '../../../src/index.js';

/** Their documents have other fields than the library's result; the compiler holds the commands themselves to the schema. */
type Reshaped = 'baseline' | 'heads' | 'merge' | 'ping' | 'roots';

/** The commands that print what the library's method of the same name returns. */
type Shared = Exclude<Extract<CommandName, keyof Kat>, Reshaped>;

/** `kat.graph()` is older than the command: it returns the graph itself. */
type MethodOf<Name extends Shared> = Name extends 'graph' ? 'describeGraph' : Name;

type ResultOf<Name extends Shared> = Kat[MethodOf<Name>] extends (...args: never[]) => infer Result
  ? Awaited<Result>
  : never;

/** The paths of `Result` that `Document` does not have. */
type Undocumented<Result, Document, Path extends string> = Result extends readonly (infer Item)[]
  ? Document extends readonly (infer Known)[]
    ? Undocumented<Item, Known, `${Path}[]`>
    : Path
  : Result extends object
    ? {
        [Key in keyof Result & string]: Key extends KeysOf<Document>
          ? Undocumented<
              Exclude<Result[Key], undefined>,
              Exclude<ValueOf<Document, Key>, undefined>,
              `${Path}.${Key}`
            >
          : `${Path}.${Key}`;
      }[keyof Result & string]
    : never;

type KeysOf<T> = T extends unknown ? keyof T : never;
type ValueOf<T, Key> = T extends unknown ? (Key extends keyof T ? T[Key] : never) : never;

type Drift = { [Name in Shared]: Undocumented<ResultOf<Name>, DocumentOf<Name>, Name> }[Shared];

test('every field of a result stands in the schema of its command', () => {
  expectTypeOf<Drift>().toEqualTypeOf<never>();
  expectTypeOf<Undocumented<{ a: { b: 1; c: 2 }[] }, { a: { b: 1 }[] }, 'it'>>().toEqualTypeOf<'it.a[].c'>();
});
