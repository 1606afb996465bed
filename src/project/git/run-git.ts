/** Runs the `git` command; only reads, never changes anything. */

export interface GitAnswer {
  /** Undefined when git could not be started or was ended by a signal. */
  code: number | undefined;
  stdout: Buffer;
  /** git's error message, or the reason why it did not start. */
  stderr: string;
}

/**
 * @param directory where git is run, so that it finds the repository by itself.
 * @param input for its stdin.
 * @returns its answer, also when it fails or is not installed.
 */
export async function runGit(directory: string, args: readonly string[], input = ''): Promise<GitAnswer> {
  // Only here: what starts processes costs time that nearly every command would spend for nothing.
  const [{ spawn }, { buffer, text }] = await Promise.all([
    import('node:child_process'),
    import('node:stream/consumers'),
  ]);
  const child = spawn('git', args, { cwd: directory, env: environment(), stdio: 'pipe', windowsHide: true });
  const ended = new Promise<{ code?: number; failure?: string }>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ failure: error.code === 'ENOENT' ? 'git is not installed' : 'git cannot be started' }),
    );
    child.once('close', (code) => resolve(code === null ? {} : { code }));
  });
  // A git that has failed reads nothing any more.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [{ code, failure }, stdout, stderr] = await Promise.all([
    ended,
    buffer(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr: failure ?? stderr };
}

/** The first line of git's error message in Kat's words. */
export function reasonOf({ stderr }: Pick<GitAnswer, 'stderr'>): string {
  const [first = ''] = stderr
    .trim()
    .replace(/^fatal: /, '')
    .split('\n');
  return /not a git repository/.test(first) ? 'the migrations folder is not in a git repository' : first;
}

/** Variables that git sets for hooks, with paths that are valid only in the hook's folder. */
const hookVariables: ReadonlySet<string> = new Set([
  'GIT_DIR',
  'GIT_COMMON_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
]);

/** Without a hook's variables git finds the repository by itself. Its messages are wanted in English. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !hookVariables.has(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
}
