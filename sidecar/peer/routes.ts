import type { Log } from '../edges';
import { mediaTypes, textReply, type Reply, type Request, type Routes } from '../http/message';
import type { AgentReport } from '../view';
import type { Guard } from './guard';
import { parseReport, reportPath } from './report';

/** What other agents may ask and say. */
export interface PeerRoutesOptions {
  readonly guard: Guard;
  readonly report: () => AgentReport;
  /** Told of a report that another agent pushed. */
  readonly heard: (report: AgentReport) => void;
  readonly log: Log;
}

/** The agents' own routes; only the agents of the same database get an answer. */
export function peerRoutes({ guard, report, heard, log }: PeerRoutesOptions): Routes {
  const guarded = (handler: (request: Request) => Reply) => async (request: Request) => {
    const admission = await guard(request);
    if (admission.admitted) return admission.signed(handler(request));
    log.debug({ path: request.path }, `refused a request: ${admission.reason}`);
    return textReply(401, admission.reason);
  };
  return {
    [`GET ${reportPath}`]: guarded(() => json(report())),
    [`POST ${reportPath}`]: guarded((request) => {
      try {
        heard(parseReport(request.body));
        return json({});
      } catch (error) {
        return textReply(400, (error as Error).message);
      }
    }),
  };
}

const json = (value: object): Reply => ({
  status: 200,
  body: JSON.stringify(value),
  headers: { 'content-type': mediaTypes.json },
});
