import type { Log, PeerRequest } from '../edges';
import { mediaTypes, textReply, type Reply, type Request, type Routes } from '../http/message';
import type { AgentReport } from '../view';
import type { Guard } from './guard';
import { parseReport, reportPath } from './report';
import { parseRequest, requestPath } from './request';

/** What other agents may ask and say. */
export interface PeerRoutesOptions {
  readonly guard: Guard;
  readonly report: () => AgentReport;
  /** Told of a report that another agent pushed. */
  readonly heard: (report: AgentReport) => void;
  /** Told of what somebody asks for. */
  readonly requested: (request: PeerRequest) => void;
  readonly log: Log;
}

/** The agents' own routes; only the agents of the same database get an answer. */
export function peerRoutes({ guard, report, heard, requested, log }: PeerRoutesOptions): Routes {
  const guarded = (handler: (request: Request) => Reply) => async (request: Request) => {
    const admission = await guard(request);
    if (admission.admitted) return admission.signed(handler(request));
    log.debug({ path: request.path }, `refused a request: ${admission.reason}`);
    return textReply(401, admission.reason);
  };
  return {
    [`GET ${reportPath}`]: guarded(() => json(report())),
    [`POST ${reportPath}`]: guarded(({ body }) => take(() => heard(parseReport(body)))),
    [`POST ${requestPath}`]: guarded(({ body }) => take(() => requested(parseRequest(body)))),
  };
}

function take(work: () => void): Reply {
  try {
    work();
    return json({});
  } catch (error) {
    return textReply(400, (error as Error).message);
  }
}

const json = (value: object): Reply => ({
  status: 200,
  body: JSON.stringify(value),
  headers: { 'content-type': mediaTypes.json },
});
