/** The kinds of values that kat.conf.yaml holds: what may be written in the file, and how text becomes a value. */

import * as v from 'valibot';
import { durationHelp, durationPattern, parseDuration } from '../duration.js';
import { type DriverName, type DryRun, driverNames, type Jobs } from './config-names.js';

/** One kind of value. Text comes from environment variables, from `${VAR}` and from flags as well as from the file. */
export interface Kind<T> {
  /** For tables in the documentation. */
  label: string;
  /** The type of TypeScript that a module writes it as. */
  type: string;
  /** The values that the file may contain. */
  written: v.GenericSchema<unknown, string | number | boolean | null>;
  /** Reads the text of a value. */
  value: v.GenericSchema<string, T>;
}

/**
 * Text with a variable in it may turn out to be anything; empty text counts as left out.
 * Every check carries Kat's own message, because valibot's quote the value.
 */
function variableOrEmpty(message: string) {
  return v.pipe(v.string(message), v.regex(/\$|^$/, message));
}

export const textSetting: Kind<string> = {
  label: 'text',
  type: 'string',
  written: v.union([v.string(), v.null()], 'must be text (put it in quotes)'),
  value: v.string(),
};

/** Text that is taken as written even when it looks like a number, as passwords and user names may. */
export const credential: Kind<string> = {
  label: 'text',
  type: 'string | number',
  written: v.union([v.string(), v.number(), v.null()], 'must be text (put it in quotes)'),
  value: v.string(),
};

/** As flags and environment variables spell them; Go's Kat takes `t` and `f` as well. */
const yes = ['true', '1', 'yes', 't'] as const;
const no = ['false', '0', 'no', 'f'] as const;

const flagMessage = 'must be true or false';

export const flagSetting: Kind<boolean> = {
  label: 'true or false',
  type: 'boolean',
  written: v.union(
    [v.boolean(), v.picklist(['true', 'false', 'yes', 'no']), variableOrEmpty(flagMessage), v.null()],
    flagMessage,
  ),
  value: v.pipe(
    v.string(),
    v.toLowerCase(),
    v.picklist([...yes, ...no], 'must be true or false (or 1, 0, yes, no)'),
    v.transform((word) => yes.some((one) => one === word)),
  ),
};

const dryRunMessage = 'must be true, false or rollback';

export const dryRunDepth: Kind<DryRun> = {
  label: 'true, false or rollback',
  type: "boolean | 'rollback'",
  written: v.union(
    [
      v.boolean(),
      v.picklist(['true', 'false', 'yes', 'no', 'rollback']),
      variableOrEmpty(dryRunMessage),
      v.null(),
    ],
    dryRunMessage,
  ),
  value: v.pipe(
    v.string(),
    v.toLowerCase(),
    v.picklist([...yes, ...no, 'rollback'], 'must be true, false or rollback (or 1, 0, yes, no)'),
    v.transform((word) => (word === 'rollback' ? word : yes.some((one) => one === word))),
  ),
};

const durationMessage = `must be a duration: ${durationHelp}`;

export const duration: Kind<number> = {
  label: 'duration',
  type: 'string | 0',
  written: v.union(
    [
      v.literal(0),
      v.pipe(v.string(), v.regex(durationPattern, durationMessage)),
      variableOrEmpty(durationMessage),
      v.null(),
    ],
    durationMessage,
  ),
  value: v.pipe(
    v.string(),
    v.transform(parseDuration),
    v.number(durationMessage),
    v.maxValue(2_147_483_647, 'must be at most 24 days'),
  ),
};

/** A lease that ends within a second would be lost to every pause of the network. */
export const leaseDuration: Kind<number> = {
  ...duration,
  type: 'string',
  value: v.pipe(duration.value, v.minValue(1_000, 'must be at least 1s')),
};

/** One of `words`. */
export function choiceSetting<const W extends readonly string[]>(words: W): Kind<W[number]> {
  const message = `must be one of ${words.join(', ')}`;
  return {
    label: words.join(', '),
    type: words.map((word) => `'${word}'`).join(' | '),
    written: v.union([v.picklist(words), variableOrEmpty(message), v.null()], message),
    value: v.picklist(words, message),
  };
}

const driverMessage = `must be one of ${driverNames.join(', ')}`;

/** What others call them: PostgreSQL everywhere, and SQLite in Go's Kat. */
const otherNames: Readonly<Record<string, DriverName>> = { postgresql: 'postgres', sqlite3: 'sqlite' };
const acceptedNames = [...driverNames, 'postgresql', 'sqlite3'] as const;

export const driverSetting: Kind<DriverName> = {
  ...choiceSetting(driverNames),
  written: v.union([v.picklist(acceptedNames), variableOrEmpty(driverMessage), v.null()], driverMessage),
  value: v.pipe(
    v.picklist(acceptedNames, driverMessage),
    v.transform((word) => otherNames[word] ?? (word as DriverName)),
  ),
};

const jobsMessage = 'must be a whole number from 1 to 64, or auto';
const mostJobs = 64;

/** A number of sessions, or `auto`. */
export const jobsSetting: Kind<Jobs> = {
  label: '1 to 64, or auto',
  type: "number | 'auto'",
  written: v.union(
    [
      v.pipe(
        v.number(jobsMessage),
        v.integer(jobsMessage),
        v.minValue(1, jobsMessage),
        v.maxValue(mostJobs, jobsMessage),
      ),
      v.pipe(v.string(jobsMessage), v.regex(/^\d*$|^auto$|\$/, jobsMessage)),
      v.null(),
    ],
    jobsMessage,
  ),
  value: v.pipe(
    v.string(),
    v.regex(/^\d+$|^auto$/, jobsMessage),
    v.transform((text): Jobs => (text === 'auto' ? text : Number(text))),
    v.check((value) => value === 'auto' || (value >= 1 && value <= mostJobs), jobsMessage),
  ),
};

/** A whole number from `minimum` to `maximum`. */
export function wholeNumberSetting(minimum: number, maximum: number): Kind<number> {
  const message = `must be a whole number from ${minimum} to ${maximum}`;
  return {
    label: `${minimum} to ${maximum}`,
    type: 'number',
    written: v.union(
      [
        v.pipe(
          v.number(message),
          v.integer(message),
          v.minValue(minimum, message),
          v.maxValue(maximum, message),
        ),
        v.pipe(v.string(message), v.regex(/^\d*$|\$/, message)),
        v.null(),
      ],
      message,
    ),
    value: v.pipe(
      v.string(),
      v.regex(/^\d+$/, message),
      v.transform(Number),
      v.minValue(minimum, message),
      v.maxValue(maximum, message),
    ),
  };
}
