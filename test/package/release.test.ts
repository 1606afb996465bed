/** The workflow that publishes a version: its own steps, run by bash. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { version } from '../../src/version.js';
import { makeProject } from '../support/kat-project.js';
import { root } from './packed.js';

interface Workflow {
  jobs: Record<string, { steps: { name?: string; run?: string }[] }>;
}

const workflow = parse(readFileSync(join(root, '.github/workflows/release.yaml'), 'utf8')) as Workflow;

/** A folder with what the steps read, and a way to run one of them for a tag. */
function prepare() {
  const { folder, read } = makeProject();
  for (const file of ['package.json', 'CHANGELOG.md']) {
    writeFileSync(join(folder, file), readFileSync(join(root, file)));
  }
  const runStep = (name: string, tag: string) => {
    const { run = '' } = workflow.jobs.package?.steps.find((step) => step.name === name) ?? {};
    return promisify(execFile)('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      cwd: folder,
      env: {
        ...{ PATH: process.env.PATH, HOME: folder, GITHUB_REF_NAME: tag },
        ...{ GITHUB_SERVER_URL: 'https://example.com', GITHUB_REPOSITORY: 'acme/kat' },
      },
    });
  };
  return { runStep, read, readManifest: () => JSON.parse(read('package.json')) };
}

test('a tag of another version is refused', async () => {
  const { runStep } = prepare();
  await runStep('Check the version', `v${version}`);
  await expect(runStep('Check the version', 'v9.9.9')).rejects.toMatchObject({ code: 1 });
});

test('the package names the repository that it is published from', async () => {
  const { runStep, readManifest } = prepare();
  const before = readManifest();
  await runStep('Name the repository', `v${version}`);
  expect(readManifest()).toEqual({
    ...before,
    repository: { type: 'git', url: 'git+https://example.com/acme/kat.git' },
    homepage: 'https://example.com/acme/kat#readme',
    bugs: { url: 'https://example.com/acme/kat/issues' },
  });
});

test('npm reads the token of the registry from the environment when it publishes', async () => {
  const { runStep, read } = prepare();
  await runStep('Name the token', `v${version}`);
  expect(read('.npmrc')).toMatch(/^\/\/[^/\s]+\/.*:_authToken=\$\{NPM_TOKEN\}$/m);
});

test('the image installs the package, and runs its command', () => {
  const lines = readFileSync(join(root, 'Dockerfile'), 'utf8').split('\n');
  const { name, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(lines.find((line) => line.startsWith('RUN'))).toContain(` "${name}@$VERSION"`);
  expect(lines).toContain(`ENTRYPOINT ["${Object.keys(bin)[0]}"]`);
});
