import { Gauge, type Registry } from 'prom-client';

import { lagFrom } from './findings';
import { running } from './steps/replication/copies';
import type { OwnView } from './view';

/** Figures of the node that copies the primary elsewhere, for all others; every other node has none. */
export function registerSourceFigures(registry: Registry): (view: Pick<OwnView, 'server' | 'source'>) => void {
  const gauge = (name: string, help: string) => {
    const made = new Gauge({ name, help, registers: [registry] });
    made.remove();
    return made;
  };
  const up = gauge('keyspace_source_link_up', '1 while the primary elsewhere is copied');
  const silent = gauge('keyspace_source_silent_seconds', 'Time since anything was heard of it over the link');
  const lag = gauge('keyspace_source_lag_bytes', 'How far the node is behind it; absent while that is not known');
  const set = (figure: Gauge, value: number | undefined): void =>
    value === undefined ? figure.remove() : figure.set(value);
  return ({ server, source }) => {
    const own = running(server);
    const link = own?.copy.source;
    const known = source?.offset !== undefined && source.history === own?.copy.history;
    set(up, link && (link.up ? 1 : 0));
    set(silent, link?.silentSeconds);
    set(lag, link && known ? lagFrom({ offset: source.offset }, own) : undefined);
  };
}
