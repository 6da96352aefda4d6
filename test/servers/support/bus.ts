import { connect, type Socket } from 'node:net';
import { connect as connectEncrypted, type ConnectionOptions } from 'node:tls';

import type { Address } from '../../../sidecar/view';

/** Bound of one conversation. Milliseconds. */
const boundMs = 5_000;

/** Length of the header that every message of the cluster bus has. Bytes. */
const headerLength = 2256;

/** What every message of the cluster bus begins with. */
export const busSignature = 'RCmb';

/**
 * A PING of a node that nobody knows. It is answered, and changes nothing:
 * https://github.com/valkey-io/valkey/blob/8.1/src/cluster_legacy.h (clusterMsg)
 */
function ping(): Buffer {
  const message = Buffer.alloc(headerLength);
  message.write(busSignature, 0, 'latin1');
  message.writeUInt32BE(headerLength, 4);
  message.writeUInt16BE(1, 8); // version of the protocol
  message.write('f'.repeat(40), 40, 'latin1'); // id of the sender
  return message;
}

/**
 * Speaks the cluster bus protocol to a node's bus port, in the clear.
 *
 * @returns the first bytes of the answer: {@link busSignature} from a bus that is not encrypted; '' where the connection is closed
 */
export function greetBus({ ip, bus }: Address): Promise<string> {
  const socket = connect(bus, ip);
  socket.write(ping());
  return firstBytes(socket);
}

/** {@link greetBus} through TLS. */
export function greetEncryptedBus({ ip, bus }: Address, certificates: ConnectionOptions): Promise<string> {
  const socket = connectEncrypted({ ...certificates, host: ip, port: bus });
  socket.write(ping());
  return firstBytes(socket);
}

function firstBytes(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(boundMs, () => reject(new Error(`no answer within ${boundMs / 1000} s`)));
    socket.once('data', (data) => resolve(data.subarray(0, busSignature.length).toString('latin1')));
    socket.once('error', reject);
    socket.once('close', () => resolve(''));
  }).finally(() => socket.destroy()) as Promise<string>;
}
