/** Asks the process of the global setup, which keeps what test files share. */
import { inject } from 'vitest';

/** @param path what the global setup says of `katServersUrl`. @throws Error with its answer when it fails. */
export async function askSetup(method: 'GET' | 'POST' | 'DELETE', path: string): Promise<string> {
  const url = `${inject('katServersUrl')}/${path}`;
  const response = await fetch(url, { method, headers: { connection: 'close' } });
  const body = await response.text();
  if (!response.ok) throw new Error(body);
  return body;
}
