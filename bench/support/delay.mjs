// A pipe that makes the network longer: whatever comes in on one side goes out on the other after a fixed time.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * @param {number} port of the server on this machine
 * @param {number} delayMs one way, in milliseconds
 * @returns {Promise<{port: number, close(): void}>}
 */
export async function openDelayPipe(port, delayMs) {
  const sockets = new Set();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port, host: '127.0.0.1', noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    forward(near, far, delayMs);
    forward(far, near, delayMs);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Node.js's timers of one length fire in the order in which they were set, so nothing overtakes anything. */
function forward(from, to, delayMs) {
  const later = (action) => (delayMs === 0 ? action() : setTimeout(action, delayMs));
  from.on('data', (chunk) => later(() => to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('close', () => later(() => to.destroy()));
}
