/** What the docs say about each code. The build puts them in: the sources have none. */

export interface Explanation {
  code: string;
  /** Such as `error`, `exit code` or `lint rule, warning`. */
  kind: string;
  /** One sentence or half of one. */
  summary: string;
  /** Markdown. */
  text: string;
  /** The page of the docs, as a path in the project. */
  page: string;
}

/** In the order of the docs; one code may have several. */
export const explanations: readonly Explanation[] = [];
