/** A request that has been read to its end. */
export interface Request {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The value of a header, '' where there is none. Names in lower case. */
  readonly header: (name: string) => string;
  readonly body: string;
  /** The sender has shown a certificate that our authority signed; always false without TLS. */
  readonly certified: boolean;
}

/** What is sent back. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a request; may reject, which the sender sees as status 500. */
export type Handler = (request: Request) => Reply | Promise<Reply>;

/** Handlers by method and path: `GET /livez`. */
export type Routes = Readonly<Record<string, Handler>>;

/** Media types of our replies. */
export const mediaTypes = { text: 'text/plain; charset=utf-8', json: 'application/json' } as const;

/** A line of plain text. */
export const textReply = (status: number, line: string): Reply => ({
  status,
  body: `${line}\n`,
  headers: { 'content-type': mediaTypes.text },
});
