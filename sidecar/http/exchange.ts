import http, {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import https from 'node:https';

/** One request, with the bounds it has to keep. */
export interface Outgoing {
  readonly scheme: 'http' | 'https';
  /** Where to, what for, and with which certificates. */
  readonly options: Omit<https.RequestOptions, 'headers'>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the first byte sent to the last one read. Milliseconds. */
  readonly timeoutMs: number;
  /** Longest body of an answer. */
  readonly maxBytes: number;
}

/** A complete answer, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * Sends one request and reads the whole answer. Where a kept connection turns out to be closed the request is sent once
 * more over a new one, so the other side must not mind to see it twice.
 *
 * @throws Error where there is no answer within the bounds; an answer with an error status is an answer
 */
export async function exchange(outgoing: Outgoing): Promise<Answer> {
  const signal = AbortSignal.timeout(outgoing.timeoutMs);
  try {
    return await attempt(outgoing, signal).catch((error: unknown) => {
      if (!(error instanceof StaleConnection)) throw error;
      return attempt({ ...outgoing, options: { ...outgoing.options, agent: false } }, signal);
    });
  } catch (error) {
    throw signal.aborted ? new Error(`no answer within ${outgoing.timeoutMs} ms`) : error;
  }
}

/** The other side closed a kept connection just when it was used again. */
class StaleConnection extends Error {}

function attempt({ scheme, options, headers, body, maxBytes }: Outgoing, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send: (options: RequestOptions) => ClientRequest = scheme === 'https' ? https.request : http.request;
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const request = send({ ...options, headers: { ...headers, ...length }, signal });
    request.once('response', (response) => {
      read(response, maxBytes).then(
        (text) => resolve({ status: response.statusCode!, headers: response.headers, body: text }),
        reject,
      );
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      const stale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      reject(stale ? new StaleConnection(error.message) : error);
    });
    request.end(body);
  });
}

/** By events: an iterator over a stream costs more than all the rest of a short answer. */
function read(response: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    response.on('data', (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > maxBytes) response.destroy(new Error(`answer is longer than ${maxBytes} bytes`));
    });
    response.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    response.once('error', reject);
  });
}
