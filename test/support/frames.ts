/** Takes the byte streams of PostgreSQL's protocol apart into messages. */

/** One message, whole. */
export interface Frame {
  /** Its type byte as a letter; `start` for the untyped packets of a start-up, `byte` for the answer to a TLS request. */
  type: string;
  bytes: Buffer;
}

/** Takes the next piece of a stream; gives the messages that are complete with it. */
export type Splitter = (chunk: Buffer) => Frame[];

/** The request codes that stand where the protocol's version stands in a start-up packet. */
const requestCodes = { cancel: 80877102, tls: 80877103, gss: 80877104 } as const;

/** What an untyped packet asks for. */
export function readStart({ bytes }: Frame): 'session' | 'cancel' | 'encryption' {
  const code = bytes.readInt32BE(4);
  if (code === requestCodes.cancel) return 'cancel';
  return code === requestCodes.tls || code === requestCodes.gss ? 'encryption' : 'session';
}

/** The text of a Query message; empty for others. */
export function readQuery({ type, bytes }: Frame): string {
  return type === 'Q' ? bytes.toString('utf8', 5, bytes.length - 1) : '';
}

/** A server's message that a statement has failed. */
export function errorResponse({ sqlstate, message }: { sqlstate: string; message: string }): Buffer {
  const body = Buffer.from(`SERROR\0VERROR\0C${sqlstate}\0M${message}\0\0`);
  const head = Buffer.from('E\0\0\0\0', 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** The bytes of a message, with other SQL where it is a Query. */
export function rewriteQuery(frame: Frame, rewrite: (sql: string) => string): Buffer {
  const sql = readQuery(frame);
  const other = rewrite(sql);
  if (other === sql) return frame.bytes;
  const body = Buffer.from(`${other}\0`);
  const head = Buffer.from('Q\0\0\0\0', 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** For what a client sends: untyped packets until one of them begins the session. */
export function splitClient(): Splitter {
  let isStarting = true;
  return createSplitter((rest) => {
    if (!isStarting) return takeTyped(rest);
    const frame = take('start', rest, 0);
    if (frame && readStart(frame) === 'session') isStarting = false;
    return frame;
  });
}

/** For what a server sends. `expectByte`: the next thing is one byte, its answer to a request for encryption. */
export function splitServer(): { split: Splitter; expectByte(): void } {
  let bytesExpected = 0;
  const split = createSplitter((rest) => {
    if (bytesExpected === 0) return takeTyped(rest);
    if (rest.length === 0) return undefined;
    bytesExpected -= 1;
    return { type: 'byte', bytes: rest.subarray(0, 1) };
  });
  return {
    split,
    expectByte: () => {
      bytesExpected += 1;
    },
  };
}

function createSplitter(takeNext: (rest: Buffer) => Frame | undefined): Splitter {
  let chunks: Buffer[] = [];
  return (chunk) => {
    chunks.push(chunk);
    let rest = Buffer.concat(chunks);
    const frames: Frame[] = [];
    for (let frame = takeNext(rest); frame; frame = takeNext(rest)) {
      frames.push(frame);
      rest = rest.subarray(frame.bytes.length);
    }
    chunks = [rest];
    return frames;
  };
}

function takeTyped(rest: Buffer): Frame | undefined {
  return take(rest.toString('latin1', 0, 1), rest, 1);
}

/** @param offset where the length is; it counts itself and what follows. */
function take(type: string, rest: Buffer, offset: number): Frame | undefined {
  if (rest.length < offset + 4) return undefined;
  const length = offset + rest.readInt32BE(offset);
  return rest.length < length ? undefined : { type, bytes: rest.subarray(0, length) };
}
