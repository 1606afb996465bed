/** The shapes that many documents of `--json` have in common. */

import * as v from 'valibot';

export const direction = v.pipe(v.picklist(['up', 'down']), v.description('which of the two SQL files ran'));
export const instant = v.pipe(v.string(), v.description('ISO 8601 in UTC, with microseconds'));
export const milliseconds = v.pipe(v.number(), v.description('milliseconds, measured on the server'));

export const step = v.strictObject({ id: v.string(), direction, durationMs: v.optional(milliseconds) });
export const files = v.strictObject({ up: v.string(), down: v.string(), metadata: v.string() });

/** What every document of a command that did its work has. */
export const success = <Name extends string>(command: Name) => ({
  command: v.literal(command),
  ok: v.literal(true),
});
