/** Lets the command settle how Node.js treats WebAssembly, at the last moment: a library leaves its host's settings alone. */

let settle = () => {};

/** @param settings called once, when the first WebAssembly of this process is about to start: the SQL parser or PGlite. */
export function settleBeforeWebAssembly(settings: () => void): void {
  settle = settings;
}

/** To be called where a package of WebAssembly has been imported, and nothing of it has run yet. */
export function beforeWebAssembly(): void {
  settle();
  settle = () => {};
}
