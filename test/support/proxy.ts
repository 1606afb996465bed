/** A network that can be broken: stands between Kat and a server, and knows enough of the protocol to break it at a chosen message. */

import { once } from 'node:events';
import { createServer, connect as openSocket, type Socket } from 'node:net';
import { afterAll } from 'vitest';
import type { TestDatabase } from './database.js';
import {
  errorResponse,
  type Frame,
  readQuery,
  readStart,
  rewriteQuery,
  splitClient,
  splitServer,
} from './frames.js';

/** What happens to a client's message, and to what comes after it. */
type Fault =
  /** The server does what it asks, but its answer is lost, and then the connection. */
  | { kind: 'lose answer' }
  /** The server does what it asks, and answers with this error. */
  | { kind: 'fail answer'; sqlstate: string; message: string }
  /** It is lost itself, and then the connection. */
  | { kind: 'lose message' }
  /** The server gets so many bytes of it, and then the connection is cut. */
  | { kind: 'cut within'; bytes: number }
  /** The server gets it, and then the connection is cut without waiting for an answer. */
  | { kind: 'cut behind' }
  /** The server gets it, and then nothing passes any more, in no direction; nothing is closed either. */
  | { kind: 'go silent'; everywhere: boolean }
  /** The answer is kept back until `release`. */
  | { kind: 'hold answer' };

/** A fault that has been arranged. */
interface Arranged {
  /** When it happened; for a lost answer: when the server had given it. */
  readonly happened: Promise<void>;
  /** Lets a held answer through. */
  release(): void;
}

export interface TestProxy {
  readonly port: number;
  /** How many requests to cancel have passed. */
  readonly cancelRequests: number;
  /** The database's URL by way of the proxy. */
  urlOf(database: TestDatabase): string;
  /** Arranges a fault for the next message that contains a text; once. */
  when(text: string, fault: Fault): Arranged;
  /** Cuts every connection that is open now. */
  cutAll(): void;
  close(): Promise<void>;
}

interface Trigger {
  text: string;
  fault: Fault;
  happen(): void;
  released: Promise<void>;
}

/** What all connections of a proxy share. */
interface Network {
  delayMs: number;
  rewrite: (sql: string) => string;
  triggers: Trigger[];
  links: Set<Link>;
  cancelRequests: number;
  isSilent: boolean;
}

/**
 * Starts a proxy to a server; closed when the test file ends.
 * @param options.delayMs how long every byte is under way, in each direction.
 * @param options.rewrite what the server gets instead of a message's SQL, to play another kind of server.
 */
export async function startProxy(
  target: { host: string; port: number },
  { delayMs = 0, rewrite = (sql) => sql }: { delayMs?: number; rewrite?: (sql: string) => string } = {},
): Promise<TestProxy> {
  const network: Network = {
    delayMs,
    rewrite,
    triggers: [],
    links: new Set(),
    cancelRequests: 0,
    isSilent: false,
  };
  const server = createServer((client) => {
    network.links.add(new Link(network, client, openSocket(target.port, target.host)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const close = async () => {
    if (!server.listening) return;
    for (const link of network.links) link.cut();
    server.close();
    await once(server, 'close');
  };
  afterAll(close);
  return {
    port,
    get cancelRequests() {
      return network.cancelRequests;
    },
    urlOf: ({ user, password, name }) => `postgres://${user}:${password}@127.0.0.1:${port}/${name}`,
    when: (text, fault) => arrange(network, text, fault),
    cutAll: () => {
      for (const link of network.links) link.cut();
    },
    close,
  };
}

function arrange(network: Network, text: string, fault: Fault): Arranged {
  let happen = () => {};
  let release = () => {};
  const happened = new Promise<void>((resolve) => {
    happen = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  network.triggers.push({ text, fault, happen, released });
  return { happened, release };
}

/** One client and its connection to the server. */
class Link {
  readonly #network: Network;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #splitClient = splitClient();
  readonly #splitServer = splitServer();
  /** How many messages that end in ReadyForQuery were sent, and how many of them are answered. */
  #asked = 0;
  #answered = 0;
  #isSilent = false;
  /** What the client sends behind a message that was cut does not reach the server. */
  #isBroken = false;
  /** The trigger that concerns the answer to message `number`. */
  #awaited: { number: number; trigger: Trigger } | undefined;
  /** What is behind a held answer waits for it. */
  #hold: Promise<void> | undefined;

  constructor(network: Network, client: Socket, server: Socket) {
    this.#network = network;
    this.#client = client;
    this.#server = server;
    client.on('data', (chunk) => this.#splitClient(chunk).forEach(this.#fromClient));
    server.on('data', (chunk) => this.#splitServer.split(chunk).forEach(this.#fromServer));
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#onClose(other));
    }
  }

  cut(): void {
    this.#client.destroy();
    this.#server.destroy();
  }

  #onClose(other: Socket): void {
    this.#network.links.delete(this);
    if (!this.#isStill()) this.#later(() => other.end());
  }

  #isStill(): boolean {
    return this.#isSilent || this.#network.isSilent;
  }

  #later(action: () => void): void {
    if (this.#network.delayMs === 0) action();
    else setTimeout(action, this.#network.delayMs);
  }

  readonly #fromClient = (frame: Frame) => {
    if (this.#isStill() || this.#isBroken) return;
    if (frame.type === 'start') this.#noteStart(frame);
    if (frame.type === 'Q') this.#asked += 1;
    const sql = readQuery(frame);
    const index = this.#network.triggers.findIndex(({ text }) => sql.includes(text));
    const [trigger] = index < 0 ? [] : this.#network.triggers.splice(index, 1);
    if (trigger) this.#strike(frame, trigger);
    else this.#send(rewriteQuery(frame, this.#network.rewrite));
  };

  #noteStart(frame: Frame): void {
    const what = readStart(frame);
    if (what === 'session') this.#asked += 1;
    if (what === 'encryption') this.#splitServer.expectByte();
    if (what === 'cancel') this.#network.cancelRequests += 1;
  }

  #send(bytes: Buffer): void {
    this.#later(() => this.#server.write(bytes));
  }

  #strike({ bytes }: Frame, trigger: Trigger): void {
    const { fault, happen } = trigger;
    if (fault.kind === 'cut within') this.#send(bytes.subarray(0, fault.bytes));
    else if (fault.kind !== 'lose message') this.#send(bytes);
    switch (fault.kind) {
      case 'lose answer':
      case 'fail answer':
      case 'hold answer':
        this.#awaited = { number: this.#asked, trigger };
        return;
      case 'go silent':
        this.#isSilent = true;
        this.#network.isSilent ||= fault.everywhere;
        break;
      default:
        this.#isBroken = true;
        this.#later(() => this.#endAfterWriting());
    }
    happen();
  }

  /** Cuts the client at once, and the server when it has what was sent before. */
  #endAfterWriting(): void {
    this.#server.end();
    this.#client.destroy();
  }

  readonly #fromServer = (frame: Frame) => {
    if (this.#isStill()) return;
    const isItsAnswer = this.#awaited?.number === this.#answered + 1;
    if (frame.type === 'Z') this.#answered += 1;
    const trigger = isItsAnswer ? this.#awaited?.trigger : undefined;
    if (trigger?.fault.kind === 'lose answer') this.#swallow(frame, trigger);
    else if (trigger?.fault.kind === 'fail answer') this.#replace(frame, trigger, trigger.fault);
    else this.#pass(frame, trigger);
  };

  #swallow(frame: Frame, trigger: Trigger): void {
    if (frame.type !== 'Z') return;
    this.cut();
    trigger.happen();
  }

  #replace({ type, bytes }: Frame, trigger: Trigger, error: { sqlstate: string; message: string }): void {
    if (type !== 'Z') return;
    this.#later(() => this.#client.write(Buffer.concat([errorResponse(error), bytes])));
    trigger.happen();
  }

  #pass({ type, bytes }: Frame, held: Trigger | undefined): void {
    if (held) this.#hold = held.released;
    if (held && type === 'Z') held.happen();
    const deliver = () => this.#later(() => this.#client.write(bytes));
    if (this.#hold) void this.#hold.then(deliver);
    else deliver();
  }
}
