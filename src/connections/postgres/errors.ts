/** Translates what keeps Kat from a server, once, into ConnectionErrors that say what to do. */

import { ConnectionError, KatError } from '../../errors.js';
import { quoteIdentifier } from '../../quote.js';
import { isServerMessage, type ServerMessage } from '../server-message.js';

/** The target of a connection, in words. */
export interface Destination {
  /** `host:port`, or the path of a Unix socket. */
  address: string;
  database: string;
}

interface Explanation {
  what: string;
  help: string;
}

const transientCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN'],
  ...['08000', '08001', '08003', '08004', '08006', '08007'],
  ...['57P01', '57P02', '57P03', '53300', '53301'],
]);

/** A name or a network that comes with the server, as those of containers do. */
const absentCodes = new Set(['ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH']);

function isTransient(code: string | undefined): boolean {
  return code !== undefined && transientCodes.has(code);
}

/** @returns the error to throw when connecting failed with `error`; a KatError stays as it is. */
export function toConnectionError(error: unknown, destination: Destination): KatError {
  if (error instanceof KatError) return error;
  const isFromServer = isServerMessage(error);
  const code = codeOf(error);
  const { what, help } = isFromServer ? explainServer(error, destination) : explainNetwork(error, code);
  // A socket file that is not there means what a refused TCP connection means: no server is running.
  const isPassing = isTransient(code) || code === 'ENOENT';
  return new ConnectionError(`could not connect to ${destination.address}: ${what}`, {
    help,
    cause: error,
    isTransient: isPassing,
    mayAppear: isPassing || absentCodes.has(code ?? ''),
    sqlstate: isFromServer ? code : undefined,
  });
}

/**
 * @param lastWords the server's last message, where it said why it ended the session.
 * @param committedStatements of the message that was under way, as far as its answers came.
 * @returns the error to throw when a session was lost while it was idle or at work.
 */
export function toLostSession(
  error: unknown,
  lastWords: ServerMessage | undefined,
  committedStatements = 0,
): ConnectionError {
  const reason = lastWords?.message ?? messageOf(error);
  const code = lastWords?.code ?? codeOf(error);
  return new ConnectionError(`the connection to the server was lost: ${reason}`, {
    help: 'See the server log for the reason, then run the command again.',
    cause: error,
    isTransient: lastWords ? isTransient(code) : true,
    sqlstate: lastWords?.code,
    committedStatements,
  });
}

/** Node.js's or the server's code. `pg` gives these two situations no code of their own. */
function codeOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  if (messageOf(error) === 'timeout expired') return 'ETIMEDOUT';
  return messageOf(error).startsWith('Connection terminated') ? 'ECONNRESET' : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const serverHelp: Readonly<Record<string, (destination: Destination) => string>> = {
  '28P01': () => 'Check the user and the password.',
  '28000': () => 'Check the user, and whether pg_hba.conf allows this user from this host.',
  '3D000': ({ database }) =>
    `Create it with \`kat db create\` or with CREATE DATABASE ${quoteIdentifier(database)}, or correct the name.`,
  '53300': () => 'Wait until other connections end, or raise max_connections.',
  '57P03': () => 'Wait a moment: the server is starting up, shutting down or recovering.',
  '08P01': () => 'If this is the address of a connection pooler, use the direct address of the server.',
};

function explainServer(error: ServerMessage, destination: Destination): Explanation {
  const help = serverHelp[error.code ?? ''];
  return {
    what: error.message ?? 'the server refused',
    help: help ? help(destination) : (error.hint ?? 'See the server log for the reason.'),
  };
}

const networkExplanations: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: {
    what: 'connection refused',
    help: 'Check that the server is running and that host and port are correct.',
  },
  ENOENT: {
    what: 'there is no such socket',
    help: 'Check that the server is running and puts its socket in this folder.',
  },
  EACCES: {
    what: 'permission denied',
    help: 'Get permission for the folder of the socket, or connect by TCP.',
  },
  ENOTFOUND: { what: 'no host has this name', help: 'Check the spelling of the host.' },
  EAI_AGAIN: {
    what: 'the name of the host could not be looked up',
    help: 'Check the network and its name server.',
  },
  ETIMEDOUT: {
    what: 'no answer in time',
    help: 'Check the host, the port and firewalls, or raise the connect timeout.',
  },
  ECONNRESET: {
    what: 'the server closed the connection',
    help: 'Check that a PostgreSQL server listens there.',
  },
  EHOSTUNREACH: { what: 'the host cannot be reached', help: 'Check the host and the network.' },
  ENETUNREACH: { what: 'the network cannot be reached', help: 'Check the host and the network.' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    what: "the server's certificate is for another host",
    help: 'Use the host name that the certificate names, or sslmode=verify-ca.',
  },
  CERT_HAS_EXPIRED: { what: "the server's certificate has expired", help: 'Renew it on the server.' },
};

const untrustedCodes = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT',
  'CERT_SIGNATURE_FAILURE',
]);

function explainNetwork(error: unknown, code: string | undefined): Explanation {
  const known = networkExplanations[code ?? ''];
  if (known) return known;
  if (code !== undefined && untrustedCodes.has(code)) {
    return {
      what: "the server's certificate is not signed by a trusted authority",
      help: 'Name the file of the authority in sslrootcert, or use sslmode=require to skip the check.',
    };
  }
  if (isTlsRefusal(error)) {
    return {
      what: 'the server does not offer TLS',
      help: 'Turn TLS on in the server, or use sslmode=prefer or sslmode=disable.',
    };
  }
  return { what: messageOf(error), help: 'Check host, port and sslmode, and the server log.' };
}

/** Whether the server answered that it has no TLS. `pg` gives this error no code. */
export function isTlsRefusal(error: unknown): boolean {
  return messageOf(error).includes('does not support SSL');
}
