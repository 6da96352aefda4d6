import { dashboardConfigMap } from '../../../lib/resources/dashboard';
import { family, familyLabels } from './support/family';
import { figuresOf, knownFigures } from './support/queries';

interface Area {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface PanelModel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: Area;
  readonly datasource?: object;
  readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly legendFormat: string }[];
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly PanelModel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly query: string | { readonly query: string };
      readonly current?: { readonly value: string };
    }[];
  };
}

const objectOf = (exporter = true, namespace = 'shop') =>
  dashboardConfigMap({
    family,
    namespace,
    exporter,
    labels: { grafana_dashboard: '1' },
    annotations: { grafana_folder: 'Databases' },
  });

const read = (exporter = true, namespace = 'shop') =>
  JSON.parse(Object.values(objectOf(exporter, namespace).data!)[0]!) as Dashboard;

const queries = ({ panels }: Dashboard) => panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

test('is a ConfigMap as the sidecar of Grafana looks for it, with a file that no other database has', () => {
  const { metadata, data } = objectOf();
  expect(metadata).toMatchObject({
    name: 'orders-dashboard',
    labels: { grafana_dashboard: '1', ...familyLabels },
    annotations: { grafana_folder: 'Databases', owner: 'shop' },
  });
  expect(Object.keys(data!)).toEqual(['keyspace-shop-orders.json']);
});

test('every panel asks, in PromQL, for figures of this database that somebody exports', async () => {
  const known = await knownFigures();
  for (const expr of queries(read())) {
    const figures = await figuresOf(expr);
    expect({ expr, unknown: figures.filter((figure) => !known.has(figure)) }).toEqual({ expr, unknown: [] });
    expect(expr.split('namespace="$namespace", database="$database"')).toHaveLength(figures.length + 1);
  }
});

test('shows the figures of the exporters where there are any', () => {
  const [agents, both] = [queries(read(false)), queries(read())];
  expect(agents.filter((expr) => expr.includes('redis_'))).toEqual([]);
  expect(both.slice(0, agents.length)).toEqual(agents);
  expect(both.filter((expr) => expr.includes('redis_')).length).toBeGreaterThan(10);
});

test('opens with its own database, and any other can be picked', () => {
  const { title, templating } = read();
  expect(title).toBe('orders (shop)');
  expect(templating.list.map(({ name, current }) => [name, current?.value])).toEqual([
    ['source', undefined],
    ['namespace', 'shop'],
    ['database', 'orders'],
    ['node', '$__all'],
  ]);
});

test('has an address of its own, which does not change', () => {
  expect(read().uid).toBe(read(false).uid);
  expect(read().uid).not.toBe(read(true, 'other').uid);
  expect(read().uid).toMatch(/^[0-9a-f]{1,40}$/);
});

test('every panel is drawn from the chosen Prometheus, in a place of its own on the grid', () => {
  const { panels } = read();
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const taken = new Set<string>();
  for (const { type, datasource, targets = [], gridPos } of panels) {
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect(taken.has(`${x} ${y}`)).toBe(false);
        taken.add(`${x} ${y}`);
      }
    }
    if (type === 'row') continue;
    expect(datasource).toEqual({ type: 'prometheus', uid: '$source' });
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.every(({ refId, legendFormat }) => /^[A-Z]$/.test(refId) && legendFormat !== '')).toBe(true);
  }
});
