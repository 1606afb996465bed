/** Finds exported functions and constructors that take a boolean by position: a call like `read(text, true)` says nothing to its reader. */

const head = /^export (?:async )?function\*? (\w+)|^ {2}(constructor)\b/gm;

/** @returns the names of such functions in a file's text. */
export function findPositionalBooleans(text: string): string[] {
  return [...text.matchAll(head)]
    .filter(({ index, 0: { length } }) => splitParameters(text.slice(index + length)).some(isBoolean))
    .map(([, name, method = '']) => name ?? method);
}

function isBoolean(parameter: string): boolean {
  return /^\w+\??:[^={(]*\bboolean\b/.test(parameter) || /^\w+ *= *(?:true|false)$/.test(parameter);
}

/** @param text begins behind the function's name. */
function splitParameters(text: string): string[] {
  const signs = withDepths(text.replaceAll('=>', ''));
  const start = signs.findIndex(({ sign, depth }) => sign === '(' && depth === 1);
  const end = signs.findIndex(({ depth }, index) => index > start && depth === 0);
  const inside = signs.slice(start + 1, end);
  const list = inside.map(({ sign, depth }) => (sign === ',' && depth === 1 ? '\n' : sign.trim() || ' '));
  return list
    .join('')
    .split('\n')
    .map((parameter) => parameter.trim());
}

/** Each sign with the number of brackets that are open behind it. */
function withDepths(text: string): { sign: string; depth: number }[] {
  let depth = 0;
  return [...text].map((sign) => {
    if ('<({['.includes(sign)) depth += 1;
    if ('>)}]'.includes(sign)) depth -= 1;
    return { sign, depth };
  });
}
