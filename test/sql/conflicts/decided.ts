/** Lists where `check` is known to say something else than PostgreSQL, each with the reason. */

interface Decision {
  reason: string;
  /** Whether it is about these two texts, in this order or the other. */
  isAbout(one: string, other: string): boolean;
}

const decisions: readonly Decision[] = [
  {
    reason:
      'a row with ON CONFLICT counts as inserted: only the rows of a database say that another key keeps it out',
    isAbout: (one, other) => /^insert .* on conflict do nothing/s.test(one) && /^insert into/.test(other),
  },
];

/** Whether a difference about these texts is decided. */
export function isDecided([one, other]: readonly [string, string]): boolean {
  return decisions.some(({ isAbout }) => isAbout(one, other) || isAbout(other, one));
}
