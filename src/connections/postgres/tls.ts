/** Converts libpq's sslmode into Node.js TLS options, and into the order of connection attempts. */

import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { KatError } from '../../errors.js';
import { present } from '../../present.js';
import { readRegularFile } from '../../regular-file.js';
import type { Target } from './libpq.js';

/** How to secure one attempt to connect: false is plain text. */
export type TlsChoice = false | ConnectionOptions;

/**
 * The attempts to make, in order, as libpq's documentation defines the modes. Unix sockets never use TLS.
 * @throws KatError CONFIG_INVALID when a certificate file is missing or cannot be read.
 */
export async function planTls(target: Target): Promise<TlsChoice[]> {
  if (target.host.startsWith('/')) return [false];
  switch (target.sslmode) {
    case 'disable':
      return [false];
    case 'allow':
      return [false, unverified(target)];
    case 'prefer':
      return [unverified(target), false];
    case 'require':
      return [hasRootFile(target) ? await verified(target) : unverified(target)];
    default:
      return [await verified(target)];
  }
}

/** "require" verifies like "verify-ca" when there is a root certificate file, for compatibility with old libpq. */
function hasRootFile({ certificates }: Target): boolean {
  return certificates.given.has('sslrootcert') || existsSync(certificates.root);
}

function unverified(target: Target): ConnectionOptions {
  return { ...commonOptions(target), rejectUnauthorized: false };
}

async function verified(target: Target): Promise<ConnectionOptions> {
  // Node.js takes its time to load it, and most servers nearby have no TLS.
  const { checkServerIdentity } = await import('node:tls');
  const { root } = target.certificates;
  return {
    ...commonOptions(target),
    ...(root === 'system' ? {} : { ca: readCertificate(root, 'sslrootcert') }),
    rejectUnauthorized: true,
    // Verify the host name that the user wrote, not its address.
    checkServerIdentity: (_, certificate) =>
      target.sslmode === 'verify-full' ? checkServerIdentity(target.host, certificate) : undefined,
  };
}

function commonOptions({ host, certificates }: Target): ConnectionOptions {
  const { certificate, key, given, keyPassword } = certificates;
  const hasCertificate = given.has('sslcert') || existsSync(certificate);
  return {
    ...(isIP(host) ? {} : { servername: host }),
    ...(hasCertificate && {
      cert: readCertificate(certificate, 'sslcert'),
      key: readCertificate(key, 'sslkey'),
      ...present({ passphrase: keyPassword }),
    }),
  };
}

function readCertificate(path: string, keyword: 'sslrootcert' | 'sslcert' | 'sslkey'): Buffer {
  try {
    return readRegularFile(path);
  } catch (cause) {
    throw new KatError('CONFIG_INVALID', `cannot read the ${keyword} file ${path}`, {
      cause,
      help:
        keyword === 'sslrootcert'
          ? 'Put the root certificate there, or use sslrootcert=system for publicly known authorities, or another sslmode.'
          : `Name the file in ${keyword}, or leave both sslcert and sslkey out.`,
    });
  }
}
