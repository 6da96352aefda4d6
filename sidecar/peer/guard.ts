import type { Reply, Request } from '../http/message';
import type { Keys } from './key';
import { createNonces } from './nonces';
import { answerText, findSigner, proofHeaders, requestText, sign } from './signature';

/** Who is guarded, and how strictly. */
export interface GuardOptions {
  /** The node whose agent this is: requests to others are refused. */
  readonly node: string;
  readonly keys: Keys;
  /** Refuses senders without a certificate of our authority; for databases whose clients need one too. */
  readonly certifiedOnly: boolean;
  /** How far the clocks of two machines may be apart. Milliseconds. @default 60000 */
  readonly skewMs?: number;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** A request that may be answered, and how to sign the answer; or why it may not. */
export type Admission =
  | { readonly admitted: true; readonly signed: (reply: Reply) => Reply }
  | { readonly admitted: false; readonly reason: string };

/** Lets in requests of agents of the same database, each once. */
export type Guard = (request: Request) => Promise<Admission>;

/** Requests that a node can get within the time that clocks may differ: a thousand agents, one request every three seconds. */
const mostNonces = 40_000;

/** A guard, with its memory of what it has let in. */
export function createGuard(options: GuardOptions): Guard {
  const { node, keys, certifiedOnly, skewMs = 60_000, now = Date.now } = options;
  // A request from a clock that is ahead stays acceptable for twice the difference.
  const nonces = createNonces(2 * skewMs, mostNonces);
  const refuse = (reason: string): Admission => ({ admitted: false, reason });

  return async (request) => {
    const { method, path, body, header } = request;
    const [time, nonce, signature] = [proofHeaders.time, proofHeaders.nonce, proofHeaders.signature].map(header);
    if (certifiedOnly && !request.certified) return refuse('a client certificate of the same authority is needed');
    if (!/^\d{1,16}$/.test(time!) || !/^[\da-f]{32}$/.test(nonce!)) return refuse('the request is not signed');
    const text = requestText({ to: node, method, path, time: time!, nonce: nonce!, body });
    const key = findSigner(await keys(), text, signature!);
    if (!key) return refuse('the signature is not one of an agent of this database to this node');
    if (Math.abs(now() - Number(time)) > skewMs)
      return refuse(`the clocks of the two machines are more than ${skewMs} ms apart; set them`);
    if (!nonces.use(nonce!, now())) return refuse('the request was seen before, or there are too many');
    const signed = (reply: Reply): Reply => ({
      ...reply,
      headers: {
        ...reply.headers,
        [proofHeaders.signature]: sign(key, answerText({ nonce: nonce!, status: reply.status, body: reply.body })),
      },
    });
    return { admitted: true, signed };
  };
}
