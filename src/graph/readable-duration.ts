/** Writes durations as people read them. */

/** Such as `0.4 ms`, `16 ms`, `1.2 s`, `3 min 4 s` or `2 h 5 min`. */
export function readableDuration(ms: number): string {
  if (ms < 9.95) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${Number((ms / 1000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joinParts([minutes, 'min'], [seconds % 60, 's']);
  return joinParts([Math.floor(minutes / 60), 'h'], [minutes % 60, 'min']);
}

function joinParts(...parts: readonly (readonly [amount: number, unit: string])[]): string {
  return parts
    .filter(([amount]) => amount > 0)
    .map((part) => part.join(' '))
    .join(' ');
}
