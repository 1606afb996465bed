/** How threads of Kat load a file of JavaScript or TypeScript, and what is said where they cannot. */

/**
 * The function `load(file)` of a thread's script: imports a module. TypeScript goes through the package jiti where Node.js does not run
 * it. The script must have `createRequire` and `pathToFileURL`.
 */
export const loadCode = String.raw`
async function load(file) {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    const needsLoader = ['ERR_UNKNOWN_FILE_EXTENSION', 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX'].includes(error?.code);
    const jiti = needsLoader && /\.m?ts$/.test(file) ? findJiti(file) : undefined;
    if (!jiti) throw error;
    return jiti(file, { fsCache: false, sourceMaps: true }).import(file);
  }
}

function findJiti(file) {
  try {
    return createRequire(file)('jiti').createJiti;
  } catch {
    return undefined;
  }
}
`;

export const noTypeScript = `Node.js ${process.versions.node} does not run TypeScript by itself`;

/** @param otherwise what may be done instead. */
export function helpForTypeScript(otherwise: string): string {
  return `Use Node.js 22.18 or later, install the package jiti in the project, or ${otherwise}.`;
}
