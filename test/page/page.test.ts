/**
 * The HTML page of `kat export`, in a real browser: every interaction, hostile contents, and graphs of three sizes. And its
 * flowcharts, read by Mermaid itself, which needs a browser.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawMermaid, drawMermaidBranch } from '../../src/graph/draw/mermaid.js';
import { buildGraph, type Graph } from '../../src/graph/graph.js';
import { visible } from '../../src/outside-text.js';
import type { PageData, PageMigration } from '../../src/page/page-data.js';
import { anyMigrations, sketchGraph } from '../graph/sketch.js';
import { openBrowser } from '../support/browser.js';
import { commandMajors } from '../support/database.js';
import { type DatabaseProject, projectOn } from '../support/kat-project.js';

const evil = '8_<img src=x onerror=window.hit=1>';

const evilSql = `-- </script><script>window.hit = 1</script> <!-- \u2028 ' " \u202e hidden
CREATE TABLE "</td><img src=x onerror=window.hit=1>" (id bigint PRIMARY KEY);
`;

/** 9_reads and 10_drops are in conflict, and 7_index is dangerous. */
const migrations = {
  '1_users': 'CREATE TABLE users (id bigint PRIMARY KEY);',
  '2_posts': { up: 'CREATE TABLE posts (author bigint REFERENCES users);', parents: [1] },
  '3_email': { up: 'ALTER TABLE users ADD email text;', parents: [1] },
  '4_tags': 'CREATE TABLE tags (id bigint PRIMARY KEY);',
  '5_feed': { up: 'CREATE VIEW feed AS SELECT author FROM posts;', parents: [1, 2, 3] },
  '6_gone': { up: 'CREATE TABLE gone (id bigint PRIMARY KEY);', parents: [1] },
  '7_index': { up: '-- by hand\nCREATE INDEX posts_author ON posts (author);', parents: [2] },
  [evil]: { up: evilSql, parents: [4] },
  '9_reads': { up: 'CREATE VIEW mails AS SELECT email FROM users;', parents: [3] },
  '10_drops': { up: 'ALTER TABLE users DROP COLUMN email;', parents: [3] },
};

let browser: Browser;
let project: DatabaseProject;
let url: string;
/** Everything that any of the pages asked for, and what it complained about. */
const requests = new Set<string>();
const complaints: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  project = await projectOn(commandMajors()[0] as number, { migrations });
  project.write(
    `migrations/${evil}/metadata.yaml`,
    `name: '${evil.slice(2)}'\ntimestamp: 8\nparents: [4]\ndescription: '</script><b>bold</b> \u202e'\n`,
  );
  await project.kat('up --to 2_posts --to 3_email --to 4_tags --to 6_gone');
  rmSync(join(project.folder, 'migrations/6_gone'), { recursive: true });
  project.write('migrations/3_email/up.sql', 'ALTER TABLE users ADD email varchar;');
  const run = await project.kat('export --file graph.html');
  expect(run).toEqual({ code: 0, stdout: 'Graph written to graph.html\n', stderr: '' });
  url = pathToFileURL(join(project.folder, 'graph.html')).href;
});

afterAll(() => browser.close());

async function open(address = url, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 }, ...options });
  page.on('request', (request) => requests.add(request.url().replace(/#.*/, '')));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(address);
  return page;
}

const row = (page: Page, name: string) =>
  page.locator('.row', { has: page.locator('.name', { hasText: name }) });
const names = (page: Page) => page.locator('.row .name').allTextContents();
const namesOf = (page: Page, kind: string) => page.locator(`.row.${kind} .name`).allTextContents();
const heading = (page: Page) => page.locator('aside h2').textContent();
const section = (page: Page, kind: string) => page.locator(`aside section.${kind} li`).allTextContents();
const width = (page: Page) => page.locator('#picture').evaluate((svg) => Number(svg.getAttribute('width')));

describe('the picture', () => {
  test('has a row for each migration, with its state', async () => {
    const page = await open();
    expect(await page.title()).toBe(`Migrations of project`);
    const marked = await page
      .locator('.row')
      .evaluateAll((rows) =>
        rows.map((one) => `${one.getAttribute('class')}: ${one.querySelector('text')?.textContent}`),
      );
    expect(marked).toEqual([
      'row applied: users1 warning',
      'row applied: posts2 warnings',
      'row changed: email1 warning',
      'row applied: tags1 warning',
      'row pending: feedhead · 1 warning',
      'row pending: indexhead · 1 error · 1 warning',
      'row pending: <img src=x onerror=window.hit=1>head · 1 warning',
      'row pending: readshead · 1 warning · 1 conflict',
      'row pending: dropshead · 2 warnings · 1 conflict',
      'row missing: gonehead',
    ]);
    await page.close();
  });

  test('shows conflicts as dashed red lines, which lead to their migrations', async () => {
    const page = await open();
    const conflict = page.locator('.conflict').last();
    const style = await page.evaluate(
      "const { strokeDasharray, stroke } = getComputedStyle(document.querySelector('.conflict')); ({ strokeDasharray, stroke })",
    );
    expect(style).toEqual({ strokeDasharray: '5px, 4px', stroke: 'rgb(207, 34, 46)' });
    await conflict.dispatchEvent('click');
    expect(await section(page, 'conflicts')).not.toEqual([]);
    await page.close();
  });
});

describe('a click', () => {
  test('shows parents, children, SQL in colours, effects with their lines, and history', async () => {
    const page = await open();
    await row(page, 'posts').click();
    expect(await heading(page)).toBe('posts');
    expect(await section(page, 'parents')).toEqual(['1_users']);
    expect(await section(page, 'children')).toEqual(['5_feed', '7_index']);
    expect(await section(page, 'effects')).toContain('creates table posts (up.sql:1)');
    expect(await page.locator('.sql-keyword').allTextContents()).toEqual(
      expect.arrayContaining(['CREATE', 'TABLE']),
    );
    const facts = await page.locator('aside dl').textContent();
    expect(facts).toMatch(/Stateapplied.*Applied at\d{4}-.*Duration[\d.]+ m?s/);
    expect((await section(page, 'history'))[0]).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC up succeeded in .* by .+@.+$/,
    );
    expect(await namesOf(page, 'ancestor')).toEqual(['users']);
    expect(await namesOf(page, 'descendant')).toEqual(['feed', 'index']);
    expect(await namesOf(page, 'dim')).toHaveLength(6);
    await page.close();
  });

  test('shows findings, whose links lead to the line', async () => {
    const page = await open();
    await row(page, 'index').click();
    const finding = page.locator('aside .findings li.error');
    expect(await finding.textContent()).toMatch(/^error .*\(up\.sql:2\) create-index-not-concurrent/);
    await finding.locator('a').click();
    expect(await page.locator('.sql li.shown').allTextContents()).toEqual([
      'CREATE INDEX posts_author ON posts (author);',
    ]);
    await page.close();
  });

  test('shows conflicts with the lines of both', async () => {
    const page = await open();
    await row(page, 'drops').click();
    const [conflict] = await section(page, 'conflicts');
    expect(conflict).toMatch(
      /^with 9_reads.*drops column users\.email.*references column users\.email \(line 1\)/,
    );
    await page.locator('aside .conflicts a').first().click();
    expect(await heading(page)).toBe('reads');
    await page.close();
  });

  test('on a relative opens it, and the address names it', async () => {
    const page = await open();
    await row(page, 'feed').click();
    await page.locator('aside .parents a', { hasText: '2_posts' }).click();
    expect(await heading(page)).toBe('posts');
    expect(new URL(page.url()).hash).toBe('#2_posts');
    await page.getByTitle('Close (Escape)').first().click();
    expect(await page.locator('aside').isVisible()).toBe(false);
    await page.close();
    const again = await open(`${url}#2_posts`);
    expect(await heading(again)).toBe('posts');
    await again.close();
  });
});

test('states can be filtered, and edges then stand for paths', async () => {
  const page = await open();
  await page.getByRole('checkbox', { name: /pending/ }).uncheck();
  expect(await names(page)).toEqual(['users', 'posts', 'email', 'tags', 'gone']);
  await page.getByRole('checkbox', { name: /pending/ }).check();
  await page.getByRole('checkbox', { name: /changed/ }).uncheck();
  expect(await names(page)).not.toContain('email');
  await row(page, 'drops').click();
  expect(await page.locator('#marked path').count()).toBe(1);
  await page.close();
});

test('the search finds names, SQL and effects; Enter and n go on, Escape ends it', async () => {
  const page = await open();
  await page.keyboard.press('/');
  await page.keyboard.type('EMAIL');
  expect(await page.locator('output').textContent()).toBe('3 found');
  expect(await page.locator('.row:not(.dim) .name').allTextContents()).toEqual(['email', 'reads', 'drops']);
  await page.keyboard.press('Enter');
  expect(await heading(page)).toBe('email');
  await page.keyboard.press('Escape');
  expect(await page.locator('output').textContent()).toBe('');
  await page.getByRole('searchbox').fill('column users.email');
  await page.locator('main').focus();
  await page.keyboard.press('n');
  const first = await heading(page);
  await page.keyboard.press('N');
  expect([first, await heading(page)]).toEqual(['drops', 'email']);
  await page.close();
});

test('keys go up and down, to relatives, and to both ends', async () => {
  const page = await open();
  const seen: (string | null)[] = [];
  for (const key of [
    'ArrowDown',
    'j',
    'ArrowUp',
    'ArrowRight',
    'ArrowRight',
    'ArrowLeft',
    'End',
    'k',
    'Home',
  ]) {
    await page.keyboard.press(key);
    seen.push(await heading(page));
  }
  expect(seen).toEqual(['users', 'posts', 'users', 'posts', 'feed', 'users', 'gone', 'drops', 'users']);
  expect(await page.locator('main').getAttribute('aria-activedescendant')).toBe('row-0');
  await page.keyboard.press('Escape');
  expect(await page.locator('aside').isVisible()).toBe(false);
  await page.keyboard.press('?');
  expect(await page.locator('dialog').isVisible()).toBe(true);
  await page.close();
});

test('only relatives of the selected migration', async () => {
  const page = await open();
  await row(page, 'posts').click();
  await page.keyboard.press('o');
  expect(await names(page)).toEqual(['users', 'posts', 'feed', 'index']);
  await page.getByText('Related only').click();
  expect(await names(page)).toHaveLength(10);
  await page.close();
});

test('zoom by keys, buttons and the wheel; letters go where they could not be read', async () => {
  const page = await open();
  const original = await width(page);
  await page.keyboard.press('+');
  expect(await width(page)).toBeCloseTo(original * 1.25);
  await page.getByTitle('Zoom out (-)').click();
  expect(await width(page)).toBeCloseTo(original);
  await page.mouse.move(100, 200);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, 400);
  await page.keyboard.up('Control');
  await expect.poll(() => width(page)).toBeCloseTo(original * Math.exp(-4 / 3));
  expect(await page.locator('.row text').first().isVisible()).toBe(false);
  await page.keyboard.press('0');
  expect(await width(page)).toBeCloseTo(original);
  await page.setViewportSize({ width: 1200, height: 250 });
  await page.keyboard.press('f');
  const box = await page.locator('#picture').boundingBox();
  expect(box?.height).toBeCloseTo(await page.locator('main').evaluate(({ clientHeight }) => clientHeight));
  await page.close();
});

test('drag to move, without selecting what is under the pointer', async () => {
  const page = await open(url, { viewport: { width: 500, height: 250 } });
  const top = () => page.locator('main').evaluate(({ scrollTop }) => scrollTop);
  await page.mouse.move(150, 220);
  await page.mouse.down();
  await page.mouse.move(150, 170, { steps: 5 });
  await page.mouse.up();
  expect(await top()).toBe(50);
  expect(await page.locator('aside').isVisible()).toBe(false);
  await page.close();
});

test('dark and light by the system and by the switch; print is light and has no controls', async () => {
  const page = await open(url, { colorScheme: 'dark' });
  const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
  const [light, dark] = ['rgb(255, 255, 255)', 'rgb(13, 17, 23)'];
  expect(await background()).toBe(dark);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await background()).toBe(light);
  await page.keyboard.press('t');
  expect(await background()).toBe(dark);
  await page.reload();
  expect(await background()).toBe(dark);
  await page.emulateMedia({ media: 'print' });
  expect(await background()).toBe(light);
  expect(await page.getByTitle('Zoom in (+)').isVisible()).toBe(false);
  expect(await page.locator('#picture').isVisible()).toBe(true);
  const original = await width(page);
  await page.emulateMedia({ media: 'screen' });
  for (let count = 0; count < 4; count += 1) await page.getByTitle('Zoom out (-)').click();
  expect(await page.locator('.row text').first().isVisible()).toBe(false);
  expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
  expect(await width(page)).toBe(original);
  await page.close();
});

test('hostile names, descriptions and SQL are shown, and nothing else', async () => {
  const page = await open();
  await row(page, 'onerror').click();
  expect(await heading(page)).toBe('<img src=x onerror=window.hit=1>');
  expect(await page.locator('aside header p').textContent()).toBe(String.raw`</script><b>bold</b> \u202e`);
  const [comment, statement] = await page.locator('.sql').first().locator('li').allTextContents();
  expect(comment).toBe(String.raw`-- </script><script>window.hit = 1</script> <!-- \u2028 ' " \u202e hidden`);
  expect(statement).toBe(evilSql.split('\n')[1]);
  expect(await page.locator('img, aside b:not(li > b)').count()).toBe(0);
  expect(await page.locator('script').count()).toBe(2);
  expect(await page.evaluate('window.hit')).toBeUndefined();
  await page.close();
});

test('the page asks for nothing and complains about nothing', () => {
  expect([...requests].filter((address) => !address.startsWith('file:'))).toEqual([]);
  expect(complaints).toEqual([]);
});

test('its policy stops scripts that are not its own', async () => {
  const page = await open();
  await page.evaluate(`
    const script = document.createElement('script');
    script.textContent = 'window.hit = 1';
    document.body.append(script);`);
  expect(await page.evaluate('window.hit')).toBeUndefined();
  await page.close();
});

test('without a database it has no states and no history', async () => {
  await project.kat('export --offline --file offline.html');
  const page = await open(pathToFileURL(join(project.folder, 'offline.html')).href);
  expect(await page.locator('.row.unknown').count()).toBe(9);
  await row(page, 'posts').click();
  expect(await page.locator('aside .history').count()).toBe(0);
  await page.close();
});

describe.each([340, 2000])('%i migrations', (count) => {
  test('are drawn in few lanes, and can be searched and selected', async () => {
    const address = writeLarge(count);
    const page = await open(address);
    expect(await page.locator('.row').count()).toBe(count);
    const left = await page
      .locator('.row text')
      .evaluateAll((texts) => texts.map((one) => one.getAttribute('x')));
    expect(Math.max(...left.map(Number))).toBeLessThan(400);
    await page.keyboard.press('End');
    expect(await heading(page)).toBe(`change_${count - 1}`);
    expect(
      await row(page, `change_${count - 1}`)
        .last()
        .isVisible(),
    ).toBe(true);
    await page.getByRole('searchbox').fill(`change_${count - 7} `);
    expect(await page.locator('output').textContent()).toBe('1 found');
    await page.keyboard.press('Enter');
    expect(await heading(page)).toBe(`change_${count - 7}`);
    await page.keyboard.press('Escape');
    await page.locator('main').focus();
    const original = await width(page);
    await page.keyboard.press('f');
    expect(await width(page)).toBeCloseTo(original * 0.2);
    await page.close();
  });
});

/** What Mermaid reads in a flowchart: the labels as they are drawn, by node, and the edges. */
interface ReadFlowchart {
  labels: Record<string, string>;
  edges: string[];
}

describe('Mermaid', () => {
  let page: Page;
  beforeAll(async () => {
    page = await browser.newPage();
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve('@mermaid-js/tiny') });
    await page.evaluate('mermaid.initialize({ startOnLoad: false })');
  });

  const read = (flowchart: string) =>
    page.evaluate(`(async () => {
      const text = ${JSON.stringify(flowchart)};
      const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
      const { svg } = await mermaid.render('drawn', text);
      const drawn = new DOMParser().parseFromString(svg, 'text/html');
      const nodes = [...drawn.querySelectorAll('.node')];
      return {
        labels: Object.fromEntries(nodes.map((node) => [node.id.split('-').at(-2), node.textContent.trim()])),
        edges: db.getEdges().map(({ start, end }) => start + ' ' + end),
      };
    })()`) as Promise<ReadFlowchart>;

  const nodeOf = (graph: Graph, id: string) => `m${graph.get(id).timestamp}`;

  async function expectSame(graph: Graph, flowchart: string): Promise<void> {
    const { labels, edges } = await read(flowchart);
    const { migrations } = graph;
    const names = migrations.map(({ id, name }) => [nodeOf(graph, id), visible(name).trim()]);
    expect(labels).toEqual(Object.fromEntries(names));
    const wanted = migrations.flatMap(({ id, parents }) =>
      parents.map((parent) => `${nodeOf(graph, parent)} ${nodeOf(graph, id)}`),
    );
    expect(edges.sort()).toEqual(wanted.sort());
  }

  test('reads the flowcharts as the same graph, whatever the names are', async () => {
    const hostile = sketchGraph({
      '1_a"]; click <b>`x`</b> #35; & naïve': [],
      '2_end': ['1'],
      '3_subgraph x --> y%%': ['1', '2'],
      '4_**bold** _it_ 漢字 \u202e $$x$$': ['3'],
    });
    await expectSame(hostile, drawMermaid(hostile));
    await expectSame(hostile, drawMermaidBranch(hostile, new Set([hostile.migrations[1]?.id ?? ''])));
    await fc.assert(
      fc.asyncProperty(anyMigrations, async (raw) => {
        const graph = buildGraph(raw);
        if (graph.migrations.length > 0) await expectSame(graph, drawMermaid(graph));
      }),
      { numRuns: 10 },
    );
  });
});

/** The same page with other data. @returns its address. */
function writeLarge(count: number): string {
  const data: PageData = {
    title: 'Large',
    origin: '',
    isOffline: true,
    conflicts: [],
    migrations: manyMigrations(count),
  };
  const json = JSON.stringify(data);
  const html = project
    .read('graph.html')
    .replace(/(id="data">).*?(<\/script>)/s, (_, before, after) => before + json + after);
  const path = join(project.folder, `large-${count}.html`);
  writeFileSync(path, html);
  return pathToFileURL(path).href;
}

/** Each follows one of the ten before it, and every fifth two more; every fiftieth is a root whose children come late. */
function manyMigrations(count: number): PageMigration[] {
  const idOf = (index: number) => `${1679000000 + index}_change_${index}`;
  return Array.from({ length: count }, (_, index): PageMigration => {
    const steps = index % 50 === 0 ? [] : index % 5 === 0 ? [1, 4, 1 + (index % 97)] : [1 + (index % 10)];
    const parents = [...new Set(steps)].filter((step) => step <= index).map((step) => idOf(index - step));
    const up = {
      path: `${idOf(index)}/up.sql`,
      text: `-- change_${index} \nCREATE TABLE t${index} ();`,
      omitted: 0,
    };
    const name = `change_${index}`;
    return {
      id: idOf(index),
      timestamp: String(1679000000 + index),
      name,
      parents,
      mark: 'unknown',
      facts: [],
      up,
      effects: [],
      findings: [],
      history: [],
    };
  });
}
