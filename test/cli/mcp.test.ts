/** An agent's session over stdio: it looks, plans, applies by the id of the plan, and is refused whatever else it tries. */

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { checkDocument } from '../support/check-document.js';
import { commandMajors } from '../support/database.js';
import { makeProject, type Project, projectOn } from '../support/kat-project.js';

const migrations = {
  '1_users': { up: 'CREATE TABLE users (id int);', down: 'DROP TABLE users;' },
  '2_posts': { up: 'CREATE TABLE posts ();', down: 'DROP TABLE posts;', parents: [1] },
};

interface ToolResult {
  structuredContent?: Record<string, unknown>;
  content: { type: string; text: string }[];
  isError?: boolean;
}

interface Agent {
  /** Sends a line as it is. */
  say(line: string): void;
  /** Resolves to the next answer. */
  next(): Promise<Record<string, unknown>>;
  ask(method: string, params?: object): Promise<Record<string, unknown>>;
  call(name: string, args?: object): Promise<ToolResult>;
  end(): Promise<{ code: number | undefined; stderr: string }>;
}

async function startAgent(project: Project, ...args: string[]): Promise<Agent> {
  const { child, ended } = await project.start(['mcp', ...args], { timeoutMs: 120_000, hasInput: true });
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error('the command has no pipes');
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  let id = 0;
  const next = async () => JSON.parse((await lines.next()).value ?? 'null');
  const say = (line: string) => stdin.write(`${line}\n`);
  const ask = async (method: string, params: object = {}) => {
    id += 1;
    say(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    const answer = await next();
    expect(answer).toMatchObject({ jsonrpc: '2.0', id });
    return answer.result ?? answer;
  };
  return {
    ...{ say, next, ask },
    call: async (name, given = {}) =>
      (await ask('tools/call', { name, arguments: given })) as unknown as ToolResult,
    end: async () => {
      stdin.end();
      const { code, stderr } = await ended;
      return { code, stderr };
    },
  };
}

/** The error that a call has ended with. */
function errorOf({ isError, content }: ToolResult) {
  expect(isError).toBe(true);
  return checkDocument(content[0]?.text ?? '').error as { code: string; message: string; help?: string };
}

describe.each(commandMajors())('PostgreSQL %i', (major) => {
  test('looks, plans, applies by the id, and is refused after a change', async () => {
    const project = await projectOn(major, { migrations });
    const agent = await startAgent(project, '--allow', `apply=${project.database.name}`);
    expect(await agent.ask('initialize', { protocolVersion: '2025-03-26' })).toMatchObject({
      protocolVersion: '2025-03-26',
      capabilities: { tools: {} },
      serverInfo: { name: 'kat' },
    });
    agent.say('{"jsonrpc": "2.0", "method": "notifications/initialized"}');

    const status = await agent.call('status');
    expect(status.structuredContent).toMatchObject({ command: 'status', counts: { pending: 2 } });
    checkDocument(JSON.stringify(status.structuredContent));
    const { planId } = (await agent.call('plan')).structuredContent ?? {};
    project.addMigration('3_tags', 'CREATE TABLE tags ();');
    expect(errorOf(await agent.call('up', { plan_id: planId })).code).toBe('PLAN_CHANGED');
    expect((await agent.call('status')).structuredContent).toMatchObject({ counts: { pending: 3 } });

    const now = (await agent.call('plan', { to: ['2_posts'] })).structuredContent;
    expect(
      (await agent.call('up', { to: ['2_posts'], plan_id: now?.planId })).structuredContent,
    ).toMatchObject({
      command: 'up',
      migrations: [{ id: '1_users' }, { id: '2_posts' }],
    });
    for (const [name, given, file] of [
      ['down', { all: true }, '2_posts/down.sql'],
      ['redo', { migrations: ['2_posts'] }, '2_posts/down.sql'],
      ['sync', {}, '3_tags/up.sql'],
    ] as const) {
      const seen = (await agent.call('plan', { command: name, ...given })).structuredContent;
      const before = project.read(`migrations/${file}`);
      project.write(`migrations/${file}`, `${before}\nSELECT 1;`);
      expect(errorOf(await agent.call(name, { ...given, plan_id: seen?.planId })).code).toBe('PLAN_CHANGED');
      project.write(`migrations/${file}`, before);
    }
    expect(await project.applied()).toEqual(['1_users', '2_posts']);
    await project.database.query('INSERT INTO users VALUES (1)');
    const down = (await agent.call('plan', { command: 'down', all: true })).structuredContent;
    expect(down).toMatchObject({ losses: [{ id: '1_users', tables: ['public.users'] }] });
    expect(errorOf(await agent.call('down', { all: true }))).toMatchObject({
      code: 'USAGE',
      message: 'the tool down needs plan_id',
      help: 'Call the tool plan with command "down" first, and pass its planId.',
    });
    expect(await project.applied()).toEqual(['1_users', '2_posts']);
    const undone = await agent.call('down', { all: true, plan_id: down?.planId });
    expect(undone.structuredContent).toMatchObject({
      command: 'down',
      migrations: [{ id: '2_posts' }, { id: '1_users' }],
    });
    expect(await agent.end()).toEqual({ code: 0, stderr: '' });
  });

  test('changes no other database than the named one, wherever the configuration leads meanwhile', async () => {
    const [project, other] = [await projectOn(major, { migrations }), await projectOn(major)];
    const agent = await startAgent(project, '--allow', `apply=${project.database.name}`);
    project.write('kat.conf.yaml', `database:\n  url: ${other.database.url}\n`);
    const { planId } = (await agent.call('plan')).structuredContent ?? {};
    expect(errorOf(await agent.call('up', { plan_id: planId })).message).toContain(
      `leads to the database "${other.database.name}", and agents may only change "${project.database.name}"`,
    );
    const { user, password, socketDir, port, name } = other.database;
    const address = `postgres://${user}:${password}@/${name}?host=${socketDir}&port=${port}`;
    project.write('kat.conf.yaml', `database:\n  url: ${address}\n`);
    expect(errorOf(await agent.call('up', { plan_id: planId })).message).toContain(
      `leads to the database "${name}"`,
    );
    expect(await other.database.query("SELECT to_regclass('migrations') AS t")).toEqual([{ t: null }]);
    await agent.end();
  });

  test('a call can be cancelled', async () => {
    const project = await projectOn(major, { migrations: { '1_slow': 'SELECT pg_sleep(600);' } });
    const agent = await startAgent(project, '--allow', `apply=${project.database.name}`);
    const { planId } = (await agent.call('plan')).structuredContent ?? {};
    agent.say(
      JSON.stringify({
        jsonrpc: '2.0',
        id: 'u',
        method: 'tools/call',
        params: { name: 'up', arguments: { plan_id: planId } },
      }),
    );
    agent.say('{"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": "u"}}');
    const answer = await agent.next();
    expect(answer).toMatchObject({ id: 'u', result: { isError: true } });
    expect(await agent.end()).toMatchObject({ code: 0 });
  });
});

test('the tools, with the schemas that are published', async () => {
  const project = makeProject({ migrations, config: 'database:\n  driver: pglite\n' });
  const schemas = JSON.parse(readFileSync('schemas/output.schema.json', 'utf8'));
  const page = readFileSync('docs/agents.md', 'utf8');
  for (const [args, missing] of [
    [[], ['add', 'fix_deps', 'up', 'down']],
    [
      ['--allow', 'write-files'],
      ['up', 'down', 'redo', 'sync'],
    ],
    [['--allow', 'write-files', '--allow', 'apply=x'], []],
  ] as const) {
    const agent = await startAgent(project, ...args);
    const { tools } = (await agent.ask('tools/list')) as unknown as {
      tools: {
        name: string;
        outputSchema: object;
        inputSchema: { required: string[]; properties: Record<string, object> };
        annotations: { readOnlyHint: boolean };
      }[];
    };
    const names = tools.map(({ name }) => name);
    for (const name of missing) expect(names).not.toContain(name);
    for (const { name, outputSchema, inputSchema, annotations } of tools) {
      const command = name.replace('fix_', '');
      expect(page).toContain(`\`${name}\``);
      expect(outputSchema).toEqual(
        schemas.anyOf.find(
          ({ properties }: { properties: { command?: { const: string } } }) =>
            properties.command?.const === command,
        ),
      );
      const changesDatabase = ['up', 'down', 'redo', 'sync'].includes(name);
      expect(inputSchema.required.includes('plan_id')).toBe(changesDatabase);
      expect(annotations.readOnlyHint).toBe(!changesDatabase && !/^(?:add|merge|fix_.*)$/.test(name));
      for (const flag of ['config', 'file', 'on', 'adopt', 'applied_from', 'yes'])
        expect(inputSchema.properties).not.toHaveProperty(flag);
    }
    await agent.end();
  }
});

test('files are written only where it is allowed', async () => {
  const project = makeProject({ migrations, config: 'database:\n  driver: pglite\n' });
  const before = project.snapshot();
  const looking = await startAgent(project);
  expect(errorOf(await looking.call('add', { name: 'more' })).help).toBe(
    'A person can start `kat mcp` with --allow write-files.',
  );
  await looking.end();
  expect(project.snapshot()).toEqual(before);
  const writing = await startAgent(project, '--allow', 'write-files');
  const added = await writing.call('add', { name: 'more', description: '--parent=1_users' });
  expect(added.structuredContent).toMatchObject({ command: 'add', parents: ['2_posts'] });
  expect((await writing.call('fix_deps', {})).structuredContent).toMatchObject({ command: 'deps' });
  await writing.end();
  expect(project.ids()).toHaveLength(3);
});

test('what no client should send is answered, and the session goes on', async () => {
  const project = makeProject({ migrations, config: 'database:\n  driver: pglite\n' });
  const agent = await startAgent(project);
  for (const [line, code] of [
    ['not json', -32700],
    ['[]', -32600],
    ['{"id": 1}', -32600],
    ['{"jsonrpc": "2.0", "id": 1, "method": "toString"}', -32601],
    ['{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "drop"}}', -32602],
    [
      '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "heads", "arguments": []}}',
      -32602,
    ],
    [`{"id": 1, "method": "${'x'.repeat(2 << 20)}"}`, -32600],
  ] as const) {
    agent.say(line);
    expect((await agent.next()).error).toMatchObject({ code });
  }
  for (const [name, args, message] of [
    ['heads', { config: 'other.yaml' }, 'the tool heads has no argument "config"'],
    ['validate', { offline: 'yes' }, 'offline must be true or false'],
    ['plan', { count: 1.5 }, 'count must be a whole number'],
    ['show', {}, 'the tool show needs migration'],
    ['lint', { rules: ['x'] }, 'the tool lint has no argument "rules"'],
  ] as const) {
    expect(errorOf(await agent.call(name, args)).message).toBe(message);
  }
  // A value that looks like a flag is a value.
  expect(errorOf(await agent.call('show', { migration: '--help', offline: true })).message).toContain(
    '--help',
  );
  expect((await agent.call('explain', { code: 'PLAN_CHANGED' })).structuredContent).toMatchObject({
    explanations: [{ code: 'PLAN_CHANGED' }],
  });
  expect(await agent.ask('ping')).toEqual({});
  expect(await agent.end()).toEqual({ code: 0, stderr: '' });
});

test.each([
  [['--allow', 'everything'], '--allow everything allows nothing'],
  [['--allow', 'apply=a', '--allow', 'apply=b'], 'agents may change only one database'],
  [['--json'], '--json has no meaning here'],
])('%j is refused', async (args, message) => {
  const { code, stderr } = await makeProject().kat(['mcp', ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
