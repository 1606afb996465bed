/** Every kind of finding of `kat verify`: the one source of the table in the docs. */

interface VerifyKind {
  meaning: string;
  solution: string;
}

/** In the order of the docs. */
export const verifyKinds = {
  'up-fails': {
    meaning: '`up.sql` fails on the schema of its ancestors, or fails when it runs again after `down.sql`.',
    solution:
      'Correct `up.sql`, or add the missing parent. If only the second run fails, correct `down.sql`.',
  },
  'down-missing': {
    meaning: 'The migration has no `down.sql`, or one without statements, so its rollback cannot be tested.',
    solution: 'Write the SQL that rolls the migration back into `down.sql`.',
  },
  'down-fails': {
    meaning: '`down.sql` fails directly after `up.sql`.',
    solution: 'Correct `down.sql`.',
  },
  'down-leaves': {
    meaning: 'An object that `up.sql` creates exists after `down.sql`.',
    solution: 'Drop the object in `down.sql`.',
  },
  'down-takes': {
    meaning: 'An object that existed before `up.sql` is missing after `down.sql`.',
    solution: 'Do not drop the object, or create it again in `down.sql`.',
  },
  'down-changes': {
    meaning: 'An object has another definition after `down.sql` than before `up.sql`.',
    solution: 'Change the definition back in `down.sql`.',
  },
  'up-differs': {
    meaning: '`up.sql` leaves another schema when it runs again after `down.sql`.',
    solution:
      'Let `down.sql` restore the schema, and let `up.sql` create it whole: `IF NOT EXISTS` skips silently.',
  },
  'up-fails-on-rows': {
    meaning: '`up.sql` succeeds on empty tables and fails on tables with rows.',
    solution:
      'Correct the rows in `up.sql` first, or write a `fixtures.sql` with the rows that the tables can have.',
  },
  'up-loses-rows': {
    meaning: 'A table that exists before and after `up.sql` has fewer rows after it.',
    solution: 'Keep the rows, or write `data_loss: expected` into `metadata.yaml`.',
  },
  'down-loses-rows': {
    meaning: 'A table has other rows after `up.sql` and `down.sql` than before.',
    solution: 'Keep the values, or write `data_loss: expected` into `metadata.yaml`.',
  },
  'no-sample-rows': {
    meaning: 'Kat cannot make rows for a table that the migration changes, so it was tried without rows.',
    solution: 'Write a `fixtures.sql` beside `up.sql` that inserts rows.',
  },
  'fixtures-fail': {
    meaning: '`fixtures.sql` fails on the schema before `up.sql`.',
    solution: 'Correct `fixtures.sql`.',
  },
  'order-fails': {
    meaning: 'A migration fails in one of the orders that the graph allows.',
    solution: 'Add the named parent. Where several are named, `kat verify --order` finds the pair.',
  },
  'order-differs': {
    meaning:
      'Two migrations without a path between them leave another schema in the other order, with `--order`.',
    solution: 'Add the named parent.',
  },
} as const satisfies Readonly<Record<string, VerifyKind>>;

/** The stable words for what `kat verify` finds. */
export type VerifyCode = keyof typeof verifyKinds;
