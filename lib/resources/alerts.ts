import { PrometheusRuleSpecGroupsRulesExpr, type PrometheusRuleProps } from '../../imports/monitoring.coreos.com';
import { objectNames } from '../contract/names';
import { databaseAlerts, type Alert, type AlertScope } from './alert-rules';
import { objectMeta, type Family } from './metadata';

/** What the alerts depend on. */
export interface AlertsProps extends AlertScope {
  readonly family: Family;
  /** Labels by which Prometheus picks the rules. */
  readonly labels: Readonly<Record<string, string>>;
  /** Labels of every alert. */
  readonly alertLabels: Readonly<Record<string, string>>;
}

/** Alerts for everything that needs a person, one object a database. What to do about each is in `docs/alerts.md`. */
export function alertRule(props: AlertsProps): PrometheusRuleProps {
  const { family, labels, alertLabels, namespace } = props;
  const metadata = objectMeta(family, objectNames(family.database).alerts, 'monitoring');
  const own = { ...alertLabels, namespace, database: family.database };
  return {
    metadata: { ...metadata, labels: { ...labels, ...metadata.labels } },
    spec: { groups: [{ name: `keyspace.${namespace}.${family.database}`, rules: rulesOf(props, own) }] },
  };
}

const rulesOf = (scope: AlertScope, labels: Readonly<Record<string, string>>) =>
  databaseAlerts(scope).map((alert) => ({
    alert: alert.name,
    expr: PrometheusRuleSpecGroupsRulesExpr.fromString(alert.expr),
    for: alert.for,
    labels: { ...labels, severity: alert.severity },
    annotations: { summary: alert.summary, description: alert.description, runbook: runbookOf(alert) },
  }));

/** The section of the documentation that says what to do. */
export const runbookOf = ({ name }: Pick<Alert, 'name'>): string => `docs/alerts.md#${name.toLowerCase()}`;
