import { header } from './messages';
import { primaryOfMyself, type Engine } from './state';

/** How long a manual failover may take before it is given up: `cluster-manual-failover-timeout`. Milliseconds. */
export const handoverMs = 5000;

/** resetManualFailover */
export function stopHandover({ manual }: Engine): void {
  manual.until = 0;
  manual.canStart = false;
  manual.replica = undefined;
  manual.primaryOffset = undefined;
}

/** `CLUSTER FAILOVER`, already checked, on a replica. */
export function startHandover(engine: Engine, force: boolean): void {
  stopHandover(engine);
  engine.manual.until = engine.now + handoverMs;
  engine.manual.canStart = force;
  const link = primaryOfMyself(engine)?.link;
  if (!force && link) engine.around.send(link, { ...header(engine), kind: 'start-handover' });
}

/** The replica has everything its paused primary had. clusterHandleManualFailover */
export function continueHandover({ manual, around }: Engine): void {
  if (manual.until > 0 && !manual.canStart && manual.primaryOffset === around.offset()) manual.canStart = true;
}
