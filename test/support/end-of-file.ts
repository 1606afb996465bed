/** What a test file has made goes away when it ends. */

const cleanUps: (() => unknown)[] = [];

/** Runs an action when the test file that runs now has ended, in the order of the calls. */
export function atEndOfFile(cleanUp: () => unknown): void {
  cleanUps.push(cleanUp);
}

/** For the setup file, which Vitest runs for each test file. */
export async function endFile(): Promise<void> {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
}
