/** The GitHub Action: its own steps, run by bash in a clone with two branches, and a server that stands for GitHub's API. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { branchReport, makeBranchProject, withoutNames } from '../support/branch-project.js';
import { git } from '../support/git.js';
import { makeProject } from '../support/kat-project.js';
import { runAction } from './run-action.js';

interface Comment {
  id: number;
  body: string;
  user: { type: string };
}

let server: Server;
let api: string;
/** Somebody else's comment, with the same marker. */
const comments: Comment[] = [{ id: 1, body: '<!-- kat-report . -->\nmine', user: { type: 'User' } }];
let isReadOnly = false;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { method = '', url = '' } = request;
    const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
    if (request.headers.authorization !== 'Bearer job-token') return answer(401, {});
    if (method === 'GET' && url.startsWith('/repos/acme/shop/issues/7/comments?'))
      return answer(200, comments);
    if (isReadOnly) return answer(403, {});
    const { body } = (await json(request)) as { body: string };
    if (method === 'POST' && url === '/repos/acme/shop/issues/7/comments') {
      comments.push({ id: comments.length + 1, body, user: { type: 'Bot' } });
      return answer(201, {});
    }
    const comment = comments.find(({ id }) => url === `/repos/acme/shop/issues/comments/${id}`);
    if (method !== 'PATCH' || !comment) return answer(404, {});
    comment.body = body;
    return answer(200, {});
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

/** A clone of the pull request's branch, as actions/checkout makes it. */
function clone(): { folder: string; base: string } {
  const origin = makeBranchProject().folder;
  const { folder } = makeProject();
  git(folder, 'clone', '--quiet', '--branch', 'feature', origin, 'clone');
  return { folder: join(folder, 'clone'), base: git(origin, 'rev-parse', 'main') };
}

test('writes one comment, replaces it on the next push, and fails for an error', async () => {
  const { folder, base } = clone();
  const first = await runAction(folder, { base, api });
  expect(first.code).toBe(3);
  expect(first.output).toContain('::error file=migrations/3_index/up.sql,line=1,');
  expect(first.output).toContain('The comment was written.');
  expect(withoutNames(first.summary)).toBe(branchReport);
  expect(comments).toHaveLength(2);
  expect(withoutNames(comments[1]?.body ?? '')).toBe(`<!-- kat-report . -->\n${branchReport}`);

  git(folder, 'rm', '--quiet', '-r', 'migrations/3_index');
  git(folder, 'commit', '--quiet', '--message', 'no index');
  const second = await runAction(folder, { base, api });
  expect(second.code).toBe(0);
  expect(comments).toHaveLength(2);
  expect(comments[0]?.body).toBe('<!-- kat-report . -->\nmine');
  expect(comments[1]?.body).toContain('## Migrations: 1 added\n\n**No problems found**');
}, 180_000);

test('without permission the report is in the summary, and without a report the comment says so', async () => {
  const { folder, base } = clone();
  isReadOnly = true;
  const forked = await runAction(folder, { base, api });
  isReadOnly = false;
  expect(forked.output).toContain('::warning title=kat::The comment could not be written (HTTP 403).');
  expect(forked.summary).toContain('## Migrations: 2 added');
  const broken = await runAction(folder, { base: 'nowhere', api });
  expect(broken.code).toBe(2);
  expect(broken.output).toContain('git has no revision "nowhere" here');
  expect(comments.at(-1)?.body).toContain('## Migrations: no report');
}, 180_000);
