import { randomBytes } from 'node:crypto';

import type { NodeConfig } from '../../lib/contract/agent-config';
import type { Log, Peers } from '../edges';
import type { Certificate } from '../http/certificate';
import { exchange, type Answer } from '../http/exchange';
import { mediaTypes } from '../http/message';
import type { Address, AgentReport } from '../view';
import type { Key, Keys } from './key';
import { parseReport, reportPath } from './report';
import { requestPath } from './request';
import { answerText, findSigner, proofHeaders, requestText, sign } from './signature';
import { encryptedTransport, plainTransport } from './transport';

/** What it takes to talk to other agents. */
export interface PeersOptions {
  readonly keys: Keys;
  /** HTTPS where there is one. */
  readonly certificate?: () => Promise<Certificate>;
  readonly log: Log;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** Bound of one exchange: an agent that takes longer counts as away for this look. */
const timeoutMs = 1000;

/** Longest answer that is read. */
const maxBytes = 64 * 1024;

/** How much of an unexpected answer is worth a line. Characters. */
const excerptLength = 200;

/** Method and path. */
type Call = readonly [method: string, path: string];

/** The other agents, over HTTP(S). Both sides prove with every message that they belong to the database. */
export function createPeers({ keys, certificate, log, now = Date.now }: PeersOptions): Peers & { close(): void } {
  const understand = createReader();
  const transport = certificate ? encryptedTransport(certificate) : plainTransport();
  const note = noteChanges(log);

  /** @returns the answer to a signed request, once it is certain who has given it */
  async function ask(node: NodeConfig, at: Address, [method, path]: Call, body = ''): Promise<Answer> {
    const valid = await keys();
    const nonce = randomBytes(16).toString('hex');
    const time = String(Math.round(now()));
    const signature = sign(valid[0]!, requestText({ to: node.name, method, path, time, nonce, body }));
    const { scheme, options } = await transport.to(node);
    const answer = await exchange({
      scheme,
      options: { ...options, host: at.ip, port: at.agent, method, path },
      headers: {
        host: node.host,
        'content-type': mediaTypes.json,
        [proofHeaders.time]: time,
        [proofHeaders.nonce]: nonce,
        [proofHeaders.signature]: signature,
      },
      body,
      timeoutMs,
      maxBytes,
    });
    requireProof(answer, nonce, valid);
    return answer;
  }

  return {
    async report(node, at) {
      try {
        const { body } = await ask(node, at, ['GET', reportPath]);
        const report = understand(body, node.name);
        note(node.name);
        return report;
      } catch (error) {
        note(node.name, error);
        return undefined;
      }
    },
    async tell(node, at, report) {
      await ask(node, at, ['POST', reportPath], JSON.stringify(report)).catch((error: unknown) =>
        note(node.name, error),
      );
    },
    async request(node, at, request) {
      await ask(node, at, ['POST', requestPath], JSON.stringify(request));
    },
    close: () => transport.close(),
  };
}

/** Somebody answers, but not as an agent of this database should. */
class WrongAnswer extends Error {}

function requireProof({ status, headers, body }: Answer, nonce: string, keys: readonly Key[]): void {
  const excerpt = body.trim().slice(0, excerptLength);
  if (status === 401) throw new WrongAnswer(`refuses this agent: ${excerpt}`);
  const signature = String(headers[proofHeaders.signature] ?? '');
  const signer = findSigner(keys, answerText({ nonce, status, body }), signature);
  if (!signer) throw new WrongAnswer('does not prove that it belongs to this database');
  if (status !== 200) throw new WrongAnswer(`answers ${status}: ${excerpt}`);
}

/** Reads reports. In a calm database an agent says the same again and again, which is not parsed again. */
function createReader() {
  const last = new Map<string, { readonly body: string; readonly report: AgentReport }>();
  return (body: string, node: string): AgentReport => {
    const known = last.get(node);
    if (known?.body === body) return known.report;
    const report = understand(body, node);
    last.set(node, { body, report });
    return report;
  };
}

function understand(body: string, node: string): AgentReport {
  let report: AgentReport;
  try {
    report = parseReport(body);
  } catch (error) {
    throw new WrongAnswer(`sends something else: ${(error as Error).message}`);
  }
  if (report.node !== node) throw new WrongAnswer(`is the agent of ${report.node}`);
  return report;
}

/** A line when the answers of a node begin to be wrong, and when they are right again. Silence is in every look already. */
function noteChanges(log: Log) {
  const wrong = new Map<string, string>();
  return (node: string, error?: unknown): void => {
    if (error !== undefined && !(error instanceof WrongAnswer)) {
      log.debug({ error }, `the agent of ${node} does not answer`);
      return;
    }
    const reason = error?.message;
    if (reason === wrong.get(node)) return;
    if (reason === undefined) {
      wrong.delete(node);
      log.info({}, `the agent of ${node} answers as it should again`);
    } else {
      wrong.set(node, reason);
      log.warn({}, `whoever answers as the agent of ${node} ${reason}`);
    }
  };
}
