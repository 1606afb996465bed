/** Puts environment variables into values that have been read already, so that no value can change the structure around it. */

const name = '[A-Za-z_][A-Za-z0-9_]*';
const reference = new RegExp(`\\$(?:(\\$)|\\{(${name})(?::-([^}]*))?\\}|(${name}))`, 'g');

interface Expansion {
  text: string;
  /** Variables that are not set and have no default, each once, in order. */
  unset: string[];
}

/**
 * Expands `${VAR}`, `$VAR`, `${VAR:-default}` (the default also replaces an empty value) and `$$` (a dollar).
 * A default reaches to the first `}`; inside it `$$` is a dollar too and variables are not expanded.
 * A `$` in front of anything else stays. What a variable holds is never expanded again.
 */
export function expandVariables(text: string, env: Readonly<Record<string, string | undefined>>): Expansion {
  const unset = new Set<string>();
  const expanded = text.replace(
    reference,
    (_whole, dollar?: string, braced?: string, fallback?: string, bare?: string) => {
      if (dollar !== undefined) return '$';
      const variable = braced ?? bare ?? '';
      const value = env[variable];
      if (fallback !== undefined) return value || fallback.replaceAll('$$', '$');
      if (value === undefined) unset.add(variable);
      return value ?? '';
    },
  );
  return { text: expanded, unset: [...unset] };
}

/** Writes `text` so that `expandVariables` gives it back. */
export function escapeDollars(text: string): string {
  return text.replaceAll('$', '$$$$');
}
