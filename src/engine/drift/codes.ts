/** Every kind of finding of `kat drift` and `kat diff`: the one source of the table in the docs. */

/** In the order of the docs. */
export const driftKinds = {
  'drift-added': {
    meaning: 'The database has an object that no applied migration creates.',
    solution: 'Drop the object, or keep it in a migration: `kat drift --adopt`.',
  },
  'drift-removed': {
    meaning: 'An object that the applied migrations create is missing in the database.',
    solution: 'Create the object again, or keep its removal in a migration.',
  },
  'drift-changed': {
    meaning: 'An object of the database differs from what the applied migrations make.',
    solution: 'Change it back, or keep the change in a migration.',
  },
} as const satisfies Readonly<Record<string, { meaning: string; solution: string }>>;
