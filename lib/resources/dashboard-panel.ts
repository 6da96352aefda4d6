/** One query of a panel. */
export interface Target {
  /** PromQL; `$node` and the like are filled in by Grafana. */
  readonly expr: string;
  /** Name of the line: `{{node}}`. */
  readonly legend: string;
}

/** One panel. */
export interface Panel {
  readonly title: string;
  readonly description: string;
  /** `stat` for how it is now, `timeseries` for how it came to be. */
  readonly type: 'stat' | 'timeseries';
  /** Grafana's name of the unit. */
  readonly unit: string;
  readonly targets: readonly Target[];
  /** Words and colours for certain values. */
  readonly values?: Readonly<Record<number, readonly [text: string, color: string]>>;
}

/** Panels under one heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** What every query of ours is about. */
export const scope = 'namespace="$namespace", database="$database"';

/** Figures of the nodes that are picked. */
export const nodes = `{${scope}, node=~"$node"}`;

/** Several queries with the same kind of lines. */
export const lines = (...exprs: readonly string[]): Target[] => exprs.map((expr) => ({ expr, legend: '{{node}}' }));

/** A query whose lines have a name of their own. */
export const named = (legend: string, expr: string): Target => ({ expr, legend });

/** How much a counter grows in a second. */
export const rate = (metric: string): string => `rate(${metric}${nodes}[$__rate_interval])`;

/** One line a node. */
export const byNode = (expr: string): string => `sum by (node) (${expr})`;
