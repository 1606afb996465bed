/** The parts of `pg`'s Client and Connection that Kat uses; its published types lack some. */

import type { ServerMessage } from '../server-message.js';

export interface RowDescription {
  fields: { name: string }[];
}

export interface DataRow {
  fields: (string | null)[];
}

export interface CommandComplete {
  text: string;
}

/** A setting that the server reports whenever it changes. */
export interface ParameterStatus {
  parameterName: string;
  parameterValue: string;
}

type Listener<T> = (message: T) => void;

type DataListener = (bytes: Uint8Array) => void;

/** The protocol level of a client. */
export interface WireConnection {
  stream: {
    readonly writable: boolean;
    write(data: Uint8Array | string): boolean;
    /** Holds what is written until `uncork`. */
    cork(): void;
    uncork(): void;
    once(event: 'drain', listener: () => void): unknown;
    destroy(): void;
    listeners(event: 'data'): DataListener[];
    on(event: 'data', listener: DataListener): unknown;
    off(event: 'data', listener: DataListener): unknown;
  };
  sendCopyFail(reason: string): void;
  on(event: 'parameterStatus', listener: Listener<ParameterStatus>): unknown;
  on(event: 'authenticationSASL', listener: Listener<{ mechanisms: string[] }>): unknown;
  prependListener(event: 'readyForQuery', listener: Listener<{ status: string }>): unknown;
  off(event: 'parameterStatus', listener: Listener<ParameterStatus>): unknown;
  off(event: 'readyForQuery', listener: Listener<{ status: string }>): unknown;
}

/** A query that takes the server's messages as they come: `pg` calls these while it is the active one. */
export interface Submittable {
  submit(connection: WireConnection): Error | null;
  handleRowDescription(message: RowDescription): void;
  handleDataRow(message: DataRow): void;
  handleCommandComplete(message: CommandComplete): void;
  handleEmptyQuery(): void;
  handleCopyInResponse(connection: WireConnection): void;
  handleCopyData(): void;
  handleError(error: unknown): void;
  handleReadyForQuery(): void;
}

interface ClientEvents {
  notice: ServerMessage;
  error: unknown;
  end: undefined;
}

/** A connected `pg` client. */
export interface WireClient {
  connection: WireConnection;
  host: string;
  port: number;
  ssl: unknown;
  /** From the BackendKeyData message; null before the connection is open. */
  processID: number | null;
  secretKey: number | null;
  query(query: Submittable): unknown;
  on<E extends keyof ClientEvents>(event: E, listener: Listener<ClientEvents[E]>): unknown;
  off<E extends keyof ClientEvents>(event: E, listener: Listener<ClientEvents[E]>): unknown;
  end(): Promise<void>;
}
