/** Identifies processes across restarts, containers and computers, as far as the system allows it. */

import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Identifies one process among all that share its disk. */
export interface ProcessMark {
  /** The computer's or container's name, for people. */
  host: string;
  /** Within which `pid` is unique; equal for processes that can see each other. */
  space: string;
  pid: number;
  /** When the process started, in the system's own units; empty where the system does not say. */
  started: string;
}

/** @returns the mark of this very process. */
export function markThisProcess(): ProcessMark {
  return { host: hostname(), space: findSpace(), pid: process.pid, started: findStart(process.pid) };
}

/** The visible state of another process. */
export type Sighting = 'running' | 'ended' | 'out of sight';

/** A process of another container or computer is out of sight; one whose number is in use again has ended. */
export function lookAt(mark: ProcessMark): Sighting {
  if (mark.space !== findSpace()) return 'out of sight';
  if (!isRunning(mark.pid)) return 'ended';
  if (mark.started === '') return 'out of sight';
  return findStart(mark.pid) === mark.started ? 'running' : 'ended';
}

/** @returns words for a process of this computer, with its program's name where the system tells it. */
export function nameProcess(pid: number): string {
  if (pid === process.pid) return 'this process';
  const program = read(`/proc/${pid}/comm`)
    ?.trim()
    .replaceAll(/[^\x20-\x7e]/g, '?');
  return `process ${pid}${program ? ` (${program})` : ''}`;
}

/** Process ids are unique in a namespace of a running kernel (proc(5), pid_namespaces(7)); elsewhere on a computer. */
function findSpace(): string {
  const boot = read('/proc/sys/kernel/random/boot_id')?.trim();
  return boot === undefined ? hostname() : `${boot} ${findPidNamespace() ?? ''}`;
}

/** @returns such as `pid:[4026531836]`; undefined where there are no such namespaces. */
export function findPidNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

/** Field 22 of the process' `stat` (proc(5)). */
function findStart(pid: number): string {
  return readStat(pid)?.[19] ?? '';
}

/** The fields of the process' `stat` from the third on: the second, its name, may hold blanks and parentheses. */
function readStat(pid: number): string[] | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Whether there is such a process, of whatever user. One that has ended, and was not reaped, keeps its number alone. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !hasEnded(pid);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM' && !hasEnded(pid);
  }
}

/** Whether Linux says that it is a zombie. False where the system does not say. */
export function hasEnded(pid: number): boolean {
  const [state] = readStat(pid) ?? [];
  return state === 'Z' || state === 'X';
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
