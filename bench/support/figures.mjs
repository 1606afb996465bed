// Numbers for people: medians, units, and tables in Markdown, so that results can be pasted into README.md.

/** @param {readonly number[]} values at least one */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** `1.23 s`, `45 ms` */
export function formatSeconds(seconds) {
  return seconds < 1 ? `${(seconds * 1000).toFixed(0)} ms` : `${seconds.toFixed(2)} s`;
}

/** `123 MB` */
export function formatMegabytes(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

/** `0.93`, of one to the other */
export function formatRatio(value) {
  return value.toFixed(2);
}

/** `1,000` */
export function formatCount(count) {
  return count.toLocaleString('en-US');
}

/** Prints a heading, so that a table follows it. */
export function printHeading(text) {
  console.log(`\n## ${text}\n`);
}

/**
 * Prints a table whose rows appear as they are measured.
 * @param {readonly string[]} heads
 * @returns {(cells: readonly string[]) => void} prints one row
 */
export function openTable(heads) {
  const widths = heads.map((head) => Math.max(head.length, 8));
  const print = (cells) => {
    const padded = cells.map((cell, index) =>
      index === 0 ? cell.padEnd(widths[index]) : cell.padStart(widths[index]),
    );
    console.log(`| ${padded.join(' | ')} |`);
  };
  print(heads);
  print(widths.map((width, index) => (index === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)));
  return print;
}
