/** Runs the command as somebody whom permissions hold back: root may read and write everything. */
import { chmodSync, copyFileSync, cpSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { findServerUser } from './binaries.js';
import { type KatRun, katCommand } from './kat-command.js';
import type { Project } from './kat-project.js';

/**
 * Runs it as we are, or, when we are root, as `nobody`: it is copied to where nobody may read it, and gives its rights
 * away before it begins. For commands that need no package.
 */
export async function runAsOrdinaryUser(project: Project, args: string): Promise<KatRun> {
  const user = findServerUser();
  if (!user) return project.kat(args);
  const original = await katCommand();
  const command = join(project.home, basename(original));
  copyFileSync(original, command);
  cpSync(join(dirname(original), 'parts'), join(project.home, 'parts'), { recursive: true });
  for (const folder of [dirname(project.folder), project.folder, project.home]) chmodSync(folder, 0o755);
  const dropRights = `process.setgroups([]); process.setgid(${user.gid}); process.setuid(${user.uid});`;
  return project.kat(args, { command, nodeArguments: ['--import', `data:text/javascript,${dropRights}`] });
}
