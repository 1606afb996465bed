/** Times and durations as Go's Kat 0.2 writes them into a SQLite tracking table, where both are text. */

/** Go's layout `2006-01-02 15:04:05.999-07`, in UTC; Go's Kat reads it back. */
export function formatGoTime(instant: Date): string {
  return `${instant.toISOString().replace('T', ' ').replace('Z', '')}+00`;
}

/** Such as `15.621ms`, which `time.ParseDuration` of Go reads. */
export function formatGoDuration(ms: number): string {
  return `${Number(ms.toFixed(3))}ms`;
}

/** @returns ISO 8601 in UTC; what is no time stays as it is. SQLite's own `datetime('now')` has no zone and is in UTC. */
export function parseGoTime(text: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)(?:(Z)|([+-]\d\d)(?::?(\d\d))?)?$/.exec(
    text,
  );
  if (!parts) return text;
  const [, day, time, , hours = '+00', minutes = '00'] = parts;
  const instant = new Date(`${day}T${time}${hours}:${minutes}`);
  return Number.isNaN(instant.getTime()) ? text : instant.toISOString();
}

const unitMs: Readonly<Record<string, number>> = {
  ...{ ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 },
};

/** @returns milliseconds; NaN for what is no duration. */
export function parseGoDuration(text: string): number {
  if (text === '0') return 0;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h)/gu)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return Number.NaN;
  return parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (unitMs[unit] ?? Number.NaN), 0);
}
