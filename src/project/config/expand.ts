/** Inserts environment variables into parsed values, so that no value can change the file's structure. */

const name = '[A-Za-z_][A-Za-z0-9_]*';
const reference = new RegExp(`\\$(?:(\\$)|\\{(${name})(?::-([^}]*))?\\}|(${name}))`, 'g');

const wholeReference = new RegExp(`^\\$(?:\\{(${name})\\}|(${name}))$`);

/** A reference without a default whose variable holds nothing. */
export interface MissingVariable {
  name: string;
  /** Set, but to nothing. */
  isEmpty: boolean;
  /** Whether the reference is the whole text. */
  isWhole: boolean;
  /** Whether it is in braces, with no letter or digit beside it. */
  isBracedApart: boolean;
}

interface Expansion {
  text: string;
  /** Each variable once, in order. */
  missing: MissingVariable[];
}

/**
 * Expands `${VAR}`, `$VAR`, `${VAR:-default}` (the default also replaces an empty value) and `$$` (a dollar).
 * A default reaches to the first `}`; inside it `$$` is a dollar too and variables are not expanded.
 * A `$` in front of anything else stays. What a variable holds is never expanded again.
 */
export function expandVariables(text: string, env: Readonly<Record<string, string | undefined>>): Expansion {
  const missing = new Map<string, MissingVariable>();
  const expanded = text.replace(
    reference,
    (whole, dollar?: string, braced?: string, fallback?: string, bare?: string, at = 0) => {
      if (dollar !== undefined) return '$';
      const variable = braced ?? bare ?? '';
      const value = env[variable] ?? '';
      if (fallback !== undefined) return value || fallback.replaceAll('$$', '$');
      if (value.trim() === '' && !missing.has(variable)) {
        const around = text.charAt(at - 1) + text.charAt(at + whole.length);
        missing.set(variable, {
          name: variable,
          isEmpty: env[variable] !== undefined,
          isWhole: whole === text.trim(),
          isBracedApart: braced !== undefined && !/[\p{L}\p{N}]/u.test(around),
        });
      }
      return value;
    },
  );
  return { text: expanded, missing: [...missing.values()] };
}

/** The variable that `text` refers to, if it is `$NAME` or `${NAME}` and nothing else. */
export function referredVariable(text: string): string | undefined {
  const [, braced, bare] = wholeReference.exec(text.trim()) ?? [];
  return braced ?? bare;
}

/** Writes `text` so that `expandVariables` gives it back. */
export function escapeDollars(text: string): string {
  return text.replaceAll('$', '$$$$');
}
