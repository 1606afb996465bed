/** The server of `kat mcp`: what it says of itself, its tools, and their calls. */

import type { Readable } from 'node:stream';
import { KatError } from '../../errors.js';
import { version } from '../../version.js';
import type { ListedCommand } from '../command.js';
import type { Context } from '../context.js';
import { exitCodeOf } from '../exit-code.js';
import { errorDocument } from '../output/documents/error-document.js';
import { type Allowed, mayUse, refuseOtherDatabase } from './allow.js';
import { invalidParams, type Methods, ProtocolError, serveRequests } from './protocol.js';
import { readOutputSchemas } from './schemas.js';
import { commandLine } from './tool-arguments.js';
import { propertiesOf, requiredOf, type Tool, type ToolAccess, tools } from './tools.js';

/** Oldest first. A client that asks for another gets the newest (lifecycle of the protocol). */
const protocolVersions = ['2024-11-05', '2025-03-26', '2025-06-18'];

interface Server {
  context: Context;
  commands: readonly ListedCommand[];
  allowed: Allowed;
}

/** Serves until the input ends. */
export async function serve(
  server: Server,
  { input, send }: { input: Readable; send: (line: string) => void },
): Promise<void> {
  const offered = tools.filter(({ access }) => mayUse(access, server.allowed));
  const methods: Methods = {
    initialize: async (params) => introduce(server, params),
    ping: async () => ({}),
    'tools/list': async () => listTools(offered, server),
    'tools/call': async (params, signal) => callTool(server, params, signal),
  };
  await serveRequests({ input, send, methods, signal: server.context.signal });
}

function introduce({ allowed }: Server, { protocolVersion }: Readonly<Record<string, unknown>>) {
  const known = protocolVersions.find((one) => one === protocolVersion);
  const rights = [
    'Tools read the migrations folder and the database of this project',
    ...(allowed.writesFiles ? ['may write files of the project'] : []),
    ...(allowed.database === undefined
      ? []
      : [`may change the database ${allowed.database} by the id of a plan, which the tool plan gives`]),
  ];
  return {
    protocolVersion: known ?? protocolVersions.at(-1),
    capabilities: { tools: {} },
    serverInfo: { name: 'kat', title: 'Kat: database migrations as a graph', version },
    instructions: `${rights.join(', ')}. The tool explain says what a code of a finding or an error means.`,
  };
}

function listTools(offered: readonly Tool[], server: Server) {
  const schemas = readOutputSchemas();
  return {
    tools: offered.map((tool) => ({
      ...describeTool(tool, server),
      outputSchema: schemas[tool.command],
    })),
  };
}

function describeTool(tool: Tool, { commands }: Server) {
  const spec = specOf(tool, commands);
  const properties = [...propertiesOf(tool, spec)].map(([name, { schema }]) => [name, schema]);
  return {
    name: tool.name,
    title: tool.summary ?? spec.summary,
    description: `${tool.summary ?? spec.summary}. ${spec.description}`,
    inputSchema: {
      type: 'object',
      properties: Object.fromEntries(properties),
      required: requiredOf(tool, spec),
      additionalProperties: false,
    },
    annotations: hintsOf(tool.access),
  };
}

/** Hints for clients that ask a person before a call. */
function hintsOf(access: ToolAccess) {
  return {
    readOnlyHint: access === 'read',
    destructiveHint: access === 'apply',
    idempotentHint: access === 'read',
    openWorldHint: false,
  };
}

function specOf({ command }: Tool, commands: readonly ListedCommand[]): ListedCommand {
  const spec = commands.find(({ name }) => name === command);
  if (!spec) throw new Error(`there is no command ${command}`);
  return spec;
}

async function callTool(
  server: Server,
  { name, arguments: given = {} }: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
) {
  const tool = tools.find((one) => one.name === name);
  if (!tool) throw new ProtocolError(invalidParams, `there is no tool ${JSON.stringify(name)}`);
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new ProtocolError(invalidParams, 'the arguments must be an object');
  try {
    const { document, warnings } = await runTool(server, tool, { ...given }, signal);
    return { content: [...textOf(document), ...warnings.flatMap(textOf)], structuredContent: document };
  } catch (error) {
    if (!(error instanceof KatError)) throw error;
    const document = { ok: false, ...errorDocument(error, exitCodeOf(error.code)) };
    return { content: textOf(document), isError: true };
  }
}

async function runTool(
  { context, commands, allowed }: Server,
  tool: Tool,
  given: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
) {
  if (!mayUse(tool.access, allowed)) throw notAllowed(tool);
  const spec = specOf(tool, commands);
  const words = commandLine(tool, spec, given);
  const warnings: string[] = [];
  const place: { environment?: string } = {};
  const quiet: Context = {
    ...context,
    signal,
    global: { ...context.global, json: true },
    write: () => undefined,
    advise: () => undefined,
    announce: () => undefined,
    showsProgress: false,
    writeExact: () => undefined,
    writeEvent: () => undefined,
    warn: (line) => warnings.push(line),
    nameEnvironment: (name) => {
      place.environment = name;
    },
  };
  if (tool.access === 'apply') await refuseOtherDatabase(quiet, allowed);
  const { document } = await context.runCommand(words, quiet);
  return { document: { command: tool.command, ok: true, ...place, ...document }, warnings };
}

function notAllowed({ name, access }: Tool): KatError {
  const flag =
    access === 'write' ? '--allow write-files' : '--allow apply=NAME, with the name of the database';
  return new KatError('USAGE', `the tool ${name} is not allowed here`, {
    help: `A person can start \`kat mcp\` with ${flag}.`,
  });
}

function textOf(value: object | string): { type: 'text'; text: string }[] {
  return [{ type: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) }];
}
