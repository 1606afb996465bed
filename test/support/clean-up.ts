/** Leaves no server and no folder behind, however the process that runs the tests ends. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ownerFile = 'owner.pid';
const pending = new Set<() => void>();
let isInstalled = false;

/**
 * Runs `action` when this process ends by itself or by a signal.
 * @returns a function that takes it back.
 */
export function onProcessEnd(action: () => void): () => void {
  install();
  pending.add(action);
  return () => pending.delete(action);
}

/** Marks a folder as belonging to this process, for `removeOrphans`. */
export function claimFolder(folder: string): void {
  writeFileSync(join(folder, ownerFile), String(process.pid));
}

/**
 * Removes the folders that processes killed with SIGKILL left behind. A PostgreSQL server that still runs on such
 * a folder notices within a minute that its postmaster.pid is gone, and shuts down: nothing is killed here.
 */
export function removeOrphans(parent: string, prefix: string): void {
  for (const name of readdirSync(parent)) {
    if (name.startsWith(prefix) && isOrphan(join(parent, name))) {
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
}

function isOrphan(folder: string): boolean {
  try {
    process.kill(Number(readFileSync(join(folder, ownerFile), 'utf8')), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  process.on('exit', runAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      runAll();
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
  }
}

function runAll(): void {
  for (const action of pending) action();
  pending.clear();
}
