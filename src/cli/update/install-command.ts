/** The command that installs the newest Kat, for the package manager of the project. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** By the lock files that they write. */
const managers = [
  ['pnpm-lock.yaml', 'pnpm add --save-dev kat-migrate@latest'],
  ['yarn.lock', 'yarn add --dev kat-migrate@latest'],
  ['bun.lock', 'bun add --dev kat-migrate@latest'],
  ['bun.lockb', 'bun add --dev kat-migrate@latest'],
  ['package-lock.json', 'npm install --save-dev kat-migrate@latest'],
  ['package.json', 'npm install --save-dev kat-migrate@latest'],
] as const;

/** @param folder where the project is looked for, and above. Outside of one, Kat is installed globally. */
export function installCommand(folder: string): string {
  const found = managers.find(([file]) => existsSync(join(folder, file)));
  if (found) return found[1];
  const above = dirname(folder);
  return above === folder ? 'npm install --global kat-migrate@latest' : installCommand(above);
}
