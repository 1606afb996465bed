/** Does what a page says, as a reader would, and says where the page is wrong. */

import { findUnknownPrograms, runElsewhere } from './allowed.js';
import { matchOutput, type Timestamps } from './compare.js';
import type { Command, Database, Page } from './markdown.js';
import { openWorkshop, type Workshop, type WorkshopOptions } from './workshop.js';

export interface RunOptions extends WorkshopOptions {
  /** What `npm install kat-migrate` does in the project's folder; nothing, when the project has the package from the start. */
  install?: (project: string) => Promise<void>;
}

interface Reading {
  options: RunOptions;
  workshop: Workshop;
  timestamps: Timestamps;
}

/** @throws Error that names the line of the page, what it shows and what happened. */
export async function runPage(page: Page, database: Database, options: RunOptions = {}): Promise<void> {
  const reading: Reading = { options, workshop: openWorkshop(options), timestamps: new Map() };
  try {
    for (const block of page.blocks) {
      if (block.only !== undefined && block.only !== database) continue;
      if (block.kind === 'file') writeBlock(reading, block);
      else for (const command of block.commands) await runCommand(reading, command);
    }
  } finally {
    reading.workshop.close();
  }
}

function writeBlock(
  { workshop, timestamps }: Reading,
  block: { path: string; text: string; prose: string; line: number },
): void {
  const untold = wordsOf(block.path).filter((word) => !block.prose.includes(word));
  if (untold.length > 0) {
    throw new Error(`line ${block.line}: the text before does not say where this goes: ${untold.join(', ')}`);
  }
  workshop.write(inThisRun(block.path, timestamps), inThisRun(block.text, timestamps));
}

/** What the reader must be told of `migrations/*_create_users/up.sql`: `create_users` and `up.sql`. */
function wordsOf(path: string): string[] {
  return path
    .split('/')
    .flatMap((part) => part.match(/^\*_(.+)$/)?.[1] ?? (path.endsWith(part) ? [part] : []));
}

async function runCommand(reading: Reading, command: Command): Promise<void> {
  const { text, line, output, mayFail } = command;
  if (text === 'npm install kat-migrate') await reading.options.install?.(reading.workshop.project);
  if (runElsewhere.has(text)) return;
  const unknown = findUnknownPrograms(text);
  if (unknown.length > 0) throw new Error(`line ${line}: no test runs ${unknown.join(', ')}`);
  const { lines, exitCode } = await reading.workshop.run(inThisRun(text, reading.timestamps));
  const actual = lines.join('\n');
  if (exitCode !== 0 && !mayFail) {
    throw new Error(
      `line ${line}: \`${text}\` ended with ${exitCode}, and the page does not say so:\n${actual}`,
    );
  }
  if (output === undefined) return;
  const timestamps = matchOutput(output, lines, reading.timestamps);
  if (!timestamps) {
    throw new Error(
      `line ${line}: \`${text}\`\n--- the page shows\n${output.join('\n')}\n--- in truth\n${actual}`,
    );
  }
  reading.timestamps = timestamps;
}

function inThisRun(text: string, timestamps: Timestamps): string {
  return text.replace(/(?<!\d)\d{10}(?!\d)/g, (timestamp) => timestamps.get(timestamp) ?? timestamp);
}
