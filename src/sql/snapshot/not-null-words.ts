/** Says in plain words how NOT NULL of a column or domain changed. */

/** Before 18, NOT NULL has no name; on SQLite the text is `yes`, or what an INSERT of NULL does. */
const constraintForm =
  /^(?:(?<name>"(?:[^"]|"")+"|[^ "]+) )?NOT NULL(?: .+?)??(?<noInherit> NO INHERIT)?(?<notValid> NOT VALID)?$/s;

interface NotNull {
  name: string | undefined;
  /** What restricts it, each as in SQL. */
  limits: readonly string[];
}

/**
 * @param before as a definition has it, such as `t_a_not_null NOT NULL a NOT VALID`; undefined means that NULL was allowed.
 * @returns words behind the column's name and a colon.
 */
export function describeNotNullChange(before: string | undefined, after: string | undefined): string {
  if (after === undefined) return 'is no longer NOT NULL';
  const next = readNotNull(after);
  if (before === undefined) return ['is now NOT NULL', ...next.limits].join(' ');
  const old = readNotNull(before);
  const [gone, come] = [except(old.limits, next.limits), except(next.limits, old.limits)];
  return [
    ...(old.name === next.name ? [] : [`NOT NULL was named ${old.name}, is now named ${next.name}`]),
    ...gone.map((limit) => `NOT NULL is no longer ${limit}`),
    ...come.map((limit) => `NOT NULL is now ${limit}`),
  ].join('; ');
}

function readNotNull(text: string): NotNull {
  const groups = constraintForm.exec(text)?.groups;
  if (!groups) return { name: undefined, limits: text === 'yes' ? [] : [`ON CONFLICT ${text}`] };
  const limits = [groups.noInherit, groups.notValid].flatMap((limit) => limit?.trim() ?? []);
  return { name: groups.name, limits };
}

function except(limits: readonly string[], others: readonly string[]): string[] {
  return limits.filter((limit) => !others.includes(limit));
}
