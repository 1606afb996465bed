/**
 * Has Node.js compile the modules of a CommonJS package once. esbuild puts each of them into a function, which V8 reads twice: it
 * skips functions at first, and compiles one when it is called, unless it is in parentheses, as what is called at once usually is.
 */

import { transform } from 'esbuild';

/** How esbuild begins and ends the function of a module, when it may shorten names and not leave out blanks. */
const moduleStart = /^(var \S+ = [^\s(]+\()\(?([^()]*)\)? => \{$/;
const moduleEnd = '});';

/** Tells modules which names they may import, and never runs: a transformation would leave it out. */
const exportedNames = /^0 && \(module\.exports = \{[^}]*\}\);\s*$/m;

/**
 * @param {string} text a bundle that esbuild made with `minifyIdentifiers` and without `minifyWhitespace`
 * @param {import('esbuild').TransformOptions} options
 * @returns {Promise<string>} the same program, without blanks
 * @throws {Error} when esbuild writes modules in another way
 */
export async function compileOnce(text, options) {
  const [names = ''] = exportedNames.exec(text) ?? [];
  let isOpen = false;
  let count = 0;
  const lines = text.split('\n').map((line) => {
    const start = moduleStart.exec(line);
    if (start) {
      isOpen = true;
      count += 1;
      return `${start[1]}(function (${start[2]}) {`;
    }
    if (!isOpen || line !== moduleEnd) return line;
    isOpen = false;
    return '}));';
  });
  if (count === 0) throw new Error('no module of a CommonJS package is found in the text of esbuild');
  const { code } = await transform(lines.join('\n'), { ...options, minifyWhitespace: true });
  return code + names.replaceAll(/\s/g, '');
}
