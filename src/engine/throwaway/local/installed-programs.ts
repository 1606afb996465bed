/** Finds the programs of a PostgreSQL server that is installed on this computer. */

import { delimiter, isAbsolute } from 'node:path';
import { readOutput, readPrograms, type ServerPrograms } from './server-programs.js';

/** Looks where packages install a server, then where `pg_config` says, then on the `PATH`. */
export async function findInstalledPrograms(major: number): Promise<ServerPrograms | undefined> {
  const usual = await findIn(usualFolders(process.platform, major), major);
  if (usual) return usual;
  const configured = (await readOutput('pg_config', '--bindir'))?.trim();
  return findIn([...(configured ? [configured] : []), ...searchPath()], major);
}

async function findIn(folders: readonly string[], major: number): Promise<ServerPrograms | undefined> {
  for (const folder of folders) {
    const programs = await readPrograms(folder, major);
    if (programs) return programs;
  }
  return undefined;
}

/** Relative ones depend on the working directory. */
function searchPath(): string[] {
  return (process.env.PATH ?? '').split(delimiter).filter(isAbsolute);
}

/** Where the packages of Debian, Red Hat, Homebrew, MacPorts, Postgres.app and the installer of Windows put their programs. */
export function usualFolders(platform: NodeJS.Platform, major: number): string[] {
  if (platform === 'win32') return [`C:\\Program Files\\PostgreSQL\\${major}\\bin`];
  if (platform === 'darwin') {
    return [
      `/opt/homebrew/opt/postgresql@${major}/bin`,
      `/usr/local/opt/postgresql@${major}/bin`,
      `/opt/local/lib/postgresql${major}/bin`,
      `/Applications/Postgres.app/Contents/Versions/${major}/bin`,
    ];
  }
  return [
    `/usr/lib/postgresql/${major}/bin`,
    `/usr/pgsql-${major}/bin`,
    `/home/linuxbrew/.linuxbrew/opt/postgresql@${major}/bin`,
  ];
}
