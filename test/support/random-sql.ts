/** Builds SQL at random from templates, and reads how much of it a test is to try. */

import fc from 'fast-check';

/** One of several texts. */
export const oneOf = fc.constantFrom;

/** Fills texts into a template: `${}` takes a text or an arbitrary one. */
export function sql(
  strings: TemplateStringsArray,
  ...parts: readonly (string | fc.Arbitrary<string>)[]
): fc.Arbitrary<string> {
  const all = parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part));
  return fc.tuple(...all).map((texts) => strings.map((text, index) => text + (texts[index] ?? '')).join(''));
}

/** A text, or nothing. */
export function maybe(text: string | fc.Arbitrary<string>): fc.Arbitrary<string> {
  const some = typeof text === 'string' ? fc.constant(text) : text;
  return fc.option(some, { nil: '' });
}

/** How many runs an oracle does, from which seed. */
export interface Chances {
  numRuns: number;
  seed: number;
  /** For the test of so many runs. */
  timeout: number;
}

/**
 * The same few runs each time; `ORACLE_RUNS=N` asks for N others, `ORACLE_SEED=S` for those of a seed.
 * @param usual what a plain test run does
 */
export function readChances(usual: { numRuns: number; seed: number }): Chances {
  const { ORACLE_RUNS, ORACLE_SEED } = process.env;
  const numRuns = Number(ORACLE_RUNS ?? usual.numRuns);
  const fresh = ORACLE_RUNS === undefined ? usual.seed : Date.now() % 1_000_000;
  return { numRuns, seed: Number(ORACLE_SEED ?? fresh), timeout: 120_000 + numRuns * 2_000 };
}
