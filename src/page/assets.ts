/** The script and the style of the page. The build puts them in, made of `browser/` and `style.css`: the sources have none. */

export const pageScript: string = '';

export const pageStyle: string = '';

/** The script's hash as a Content Security Policy names it: `sha256-…`. */
export const pageScriptHash: string = '';
