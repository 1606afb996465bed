/** JSON-RPC 2.0 as the Model Context Protocol speaks it over stdio: one message a line. */

import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { present } from '../../present.js';

/** What a method answers with, or throws. */
export type Methods = Readonly<
  Record<string, (params: Readonly<Record<string, unknown>>, signal: AbortSignal) => Promise<unknown>>
>;

/** An error that the client is told about by number. */
export class ProtocolError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export const invalidParams = -32602;
const [parseError, invalidRequest, methodNotFound, internalError] = [-32700, -32600, -32601, -32603];

/** Longer lines are no requests: nothing that an agent says to Kat is a megabyte. */
const maxLineLength = 1 << 20;

interface Message {
  id?: string | number;
  method: string;
  params: Readonly<Record<string, unknown>>;
}

interface Connection {
  input: Readable;
  /** Receives one message at a time, as a line. */
  send(line: string): void;
  methods: Methods;
  /** Cancels everything that runs. */
  signal: AbortSignal;
}

/** Answers until the input ends; requests may be answered in any order. Never throws. */
export async function serveRequests({ input, send, methods, signal }: Connection): Promise<void> {
  const running = new Map<string | number, AbortController>();
  const pending = new Set<Promise<void>>();
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const end = () => lines.close();
  signal.addEventListener('abort', end, { once: true });
  const handle = async (line: string) => {
    const answer = await answerTo(line, { methods, running, signal });
    if (answer) send(JSON.stringify({ jsonrpc: '2.0', ...answer }));
  };
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const work = handle(line).finally(() => pending.delete(work));
    pending.add(work);
  }
  await Promise.all(pending);
  signal.removeEventListener('abort', end);
}

interface Answering {
  methods: Methods;
  running: Map<string | number, AbortController>;
  signal: AbortSignal;
}

async function answerTo(line: string, answering: Answering): Promise<Record<string, unknown> | undefined> {
  let id: string | number | null = null;
  try {
    const message = parseMessage(line);
    if (message.id === undefined) {
      cancelNamed(message, answering.running);
      return undefined;
    }
    id = message.id;
    return { id, result: await carryOut({ ...message, id }, answering) };
  } catch (error) {
    const { code, message } =
      error instanceof ProtocolError
        ? error
        : new ProtocolError(internalError, error instanceof Error ? error.message : String(error));
    return { id, error: { code, message } };
  }
}

function parseMessage(line: string): Message {
  if (line.length > maxLineLength) throw new ProtocolError(invalidRequest, 'the message is too long');
  const value = parseJson(line);
  const isRequest = typeof value === 'object' && value !== null && !Array.isArray(value);
  const { id, method, params = {} } = (isRequest ? value : {}) as Record<string, unknown>;
  const hasId = id === undefined || typeof id === 'string' || typeof id === 'number';
  if (typeof method !== 'string' || !hasId || typeof params !== 'object' || params === null)
    throw new ProtocolError(invalidRequest, 'this is no request of JSON-RPC 2.0');
  return { method, params: params as Message['params'], ...present({ id }) };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new ProtocolError(parseError, 'this line is not JSON');
  }
}

async function carryOut(
  { id, method, params }: Message & { id: string | number },
  { methods, running, signal }: Answering,
): Promise<unknown> {
  const carry = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (!carry) throw new ProtocolError(methodNotFound, `there is no method ${JSON.stringify(method)}`);
  const controller = new AbortController();
  running.set(id, controller);
  try {
    return await carry(params, AbortSignal.any([signal, controller.signal]));
  } finally {
    running.delete(id);
  }
}

/** Other notifications need no answer. */
function cancelNamed(
  { method, params: { requestId } }: Message,
  running: ReadonlyMap<string | number, AbortController>,
): void {
  const isNamed = typeof requestId === 'string' || typeof requestId === 'number';
  if (method === 'notifications/cancelled' && isNamed) running.get(requestId)?.abort();
}
