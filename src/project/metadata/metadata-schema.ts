/** The fields of `metadata.yaml`: the only source of their validation and JSON Schema. */

import * as v from 'valibot';
import { touchPattern } from '../../graph/touches.js';
import { durationHelp, durationPattern, parseDuration } from '../duration.js';

const timestampMessage = 'must be the whole number at the start of the folder name';
const parentMessage = 'must be a timestamp, an id or a name';
const replacesMessage = 'must be an id, the name of a former folder such as `1679012345_create_users`';
const touchMessage = 'must be a table such as `users` or `app.users`, without quotes';
const touchesMessage = 'must be a list of tables such as `[users, app.orders]`';
const parentsMessage = 'must be a list such as `[1679012345, 1679012350]`';

/** Integers are bigint here, because ids past 2^53 must not be rounded. */
function wholeNumber(message: string) {
  return v.pipe(
    v.bigint(message),
    v.check((value) => value >= 0n, message),
    v.metadata({ minimum: 0 }),
  );
}

/** @returns milliseconds. */
function durationOf(description: string) {
  const message = `must be a duration: ${durationHelp}`;
  const zero = v.pipe(
    v.bigint(message),
    v.check((value) => value === 0n, message),
    v.metadata({ minimum: 0, maximum: 0 }),
  );
  return v.pipe(
    v.union([zero, v.pipe(v.string(message), v.regex(durationPattern, message))], message),
    v.description(description),
    v.transform((value) => parseDuration(String(value))),
    v.number(message),
    // PostgreSQL keeps these settings as milliseconds in 32 bits.
    v.maxValue(2_147_483_647, 'must be at most 24 days'),
  );
}

/** `metadata.yaml` as it is written. */
export const metadataSchema = v.pipe(
  v.strictObject({
    name: v.pipe(
      v.string('must be text (put it in quotes)'),
      v.nonEmpty('must not be empty'),
      v.description(
        'Name of the migration, with or without the timestamp in front. It agrees with the folder.',
      ),
      v.examples(['1679012345_create_users', 'create_users']),
    ),
    timestamp: v.pipe(
      v.union(
        [
          wholeNumber(timestampMessage),
          v.pipe(v.string(timestampMessage), v.regex(/^\d+$/, timestampMessage)),
        ],
        timestampMessage,
      ),
      v.description('Unix time of creation in seconds, unique in the folder. It agrees with the folder.'),
      v.metadata({ examples: [1679012345] }),
    ),
    description: v.optional(
      v.pipe(
        v.union([v.string('must be text (put it in quotes)'), v.null()], 'must be text (put it in quotes)'),
        v.description('What the migration is for, in words.'),
      ),
    ),
    parents: v.optional(
      v.pipe(
        v.array(
          v.union(
            [wholeNumber(parentMessage), v.pipe(v.string(parentMessage), v.nonEmpty(parentMessage))],
            parentMessage,
          ),
          parentsMessage,
        ),
        v.description(
          'Migrations that must be applied before this one: timestamps, ids or unambiguous names.',
        ),
        v.metadata({ examples: [[1679012345, 1679012350], ['create_users']] }),
      ),
    ),
    replaces: v.optional(
      v.pipe(
        v.array(
          v.pipe(v.string(replacesMessage), v.regex(/^\d+_.+$/, replacesMessage)),
          'must be a list of ids',
        ),
        v.description('Ids of the migrations that this migration replaces. Written by `kat squash`.'),
        v.metadata({ examples: [['1679012345_create_users', '1679012350_create_posts']] }),
      ),
    ),
    no_transaction: v.optional(
      v.pipe(
        v.boolean('must be true or false'),
        v.description(
          'Whether statements run one by one outside a transaction, as CREATE INDEX CONCURRENTLY must.',
        ),
      ),
      false,
    ),
    data_loss: v.optional(
      v.pipe(
        v.literal('expected', 'must be `expected`'),
        v.description(
          'States that the migration removes rows or values on purpose, so `kat verify` does not report it.',
        ),
      ),
    ),
    touches: v.optional(
      v.pipe(
        v.array(v.pipe(v.string(touchMessage), v.regex(touchPattern, touchMessage)), touchesMessage),
        v.minLength(1, touchesMessage),
        v.description(
          'Of a program in TypeScript or JavaScript: the tables of which alone it reads and changes rows. Verified whenever it runs.',
        ),
        v.metadata({ examples: [['users', 'app.orders']] }),
      ),
    ),
    lock_timeout: v.optional(
      durationOf(
        'How long a statement may wait for a lock, such as 2s. Overrides the setting for all migrations.',
      ),
    ),
    statement_timeout: v.optional(
      durationOf('How long a statement may run, such as 1h30m. Overrides the setting for all migrations.'),
    ),
    retry_for: v.optional(
      durationOf('How long to retry after lock timeouts. Overrides the setting for all migrations.'),
    ),
    max_block: v.optional(
      durationOf(
        'How long other sessions may wait for the migration, such as 2s. Overrides the setting for all migrations.',
      ),
    ),
  }),
  v.title('metadata.yaml of a Kat migration'),
  v.description('Identity and parents of a migration, beside up.sql and down.sql.'),
);

export const metadataKeys: readonly string[] = Object.keys(metadataSchema.entries);
