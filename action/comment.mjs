/** Writes the report as one comment of the pull request, which later runs replace. */

import { readFileSync } from 'node:fs';

const {
  GITHUB_API_URL,
  GITHUB_REPOSITORY,
  GITHUB_TOKEN,
  KAT_PULL_REQUEST,
  KAT_REPORT,
  KAT_WORKING_DIRECTORY,
} = process.env;

/** Finds the comment again; a repository may have several projects. */
const marker = `<!-- kat-report ${encodeURIComponent(KAT_WORKING_DIRECTORY)} -->`;

const comments = `/repos/${GITHUB_REPOSITORY}/issues/${KAT_PULL_REQUEST}/comments`;

const pageSize = 100;

async function ask(method, path, content) {
  const response = await fetch(`${GITHUB_API_URL}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${GITHUB_TOKEN}`,
      'content-type': 'application/json',
      'user-agent': 'kat-migrate',
    },
    ...(content ? { body: JSON.stringify(content) } : {}),
  });
  return { status: response.status, answer: await response.json().catch(() => undefined) };
}

/** Of a bot: other people may write the marker as well. */
async function findOwnComment() {
  for (let page = 1; ; page += 1) {
    const { status, answer } = await ask('GET', `${comments}?per_page=${pageSize}&page=${page}`);
    if (status !== 200) return undefined;
    const own = answer.find(({ user, body }) => user?.type === 'Bot' && body?.startsWith(marker));
    if (own || answer.length < pageSize) return own;
  }
}

const body = `${marker}\n${readFileSync(KAT_REPORT, 'utf8')}`;
const own = await findOwnComment();
const { status } = own
  ? await ask('PATCH', `/repos/${GITHUB_REPOSITORY}/issues/comments/${own.id}`, { body })
  : await ask('POST', comments, { body });
if (status === 200 || status === 201) {
  console.log(own ? 'The comment was replaced.' : 'The comment was written.');
} else {
  // Pull requests from forks get a token that only reads.
  console.log(
    `::warning title=kat::The comment could not be written (HTTP ${status}). The report is in the summary of the job. Comments need the permission pull-requests: write.`,
  );
}
