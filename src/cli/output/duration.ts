/** Durations in the form that the lines of a run have. */

/** `15.621ms` below a second, `1.500s` below a minute, `2m3.500s` above. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${ms.toFixed(3)}ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(3)}s`;
  return `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(3)}s`;
}
