import * as z from 'zod';

import { annotationMap, block, labelMap, matching, oneOf, wholeNumber } from '../fields';
import { mustBlock, mustUnseen } from '../problems';
import { image, resources } from './resources-schema';

/** The exporter's own names for what is secret. */
const variable = matching('the name of a variable: letters, digits and "_"', /^[A-Za-z_]\w*$/, 253).refine(
  (name) => !/PASSWORD|SECRET|TOKEN/i.test(name),
  { error: 'cannot be set here; manifests hold no secrets, and the agent gives the exporter a password of its own' },
);

const plainForm = 'text, in quotes, without the user and password of an address';

const plainText = z
  .string({ error: mustUnseen(plainForm) })
  .regex(/^(?![^]*:\/\/[^\s/]*@)/, { error: mustUnseen(plainForm) });

const exporter = block('{ image, port, resources, env }', {
  image: image.optional(),
  port: wholeNumber(1024, 65_535).default(9121),
  resources: resources.default({}),
  env: z.record(variable, plainText, { error: mustBlock('a map of variables') }).default({}),
});

/** See {@link MonitoringProps}. */
export const monitoring = block('{ exporter, scrape, alerts, dashboard }', {
  exporter: exporter.optional(),
  scrape: block('{ kind, labels, intervalSeconds }', {
    kind: oneOf(['ServiceMonitor', 'PodMonitor']),
    labels: labelMap.default({}),
    intervalSeconds: wholeNumber(1, 3600).optional(),
  }).optional(),
  alerts: block('{ labels, alertLabels }', {
    labels: labelMap.default({}),
    alertLabels: labelMap.default({}),
  }).optional(),
  dashboard: block('{ labels, annotations }', {
    labels: labelMap.default({ grafana_dashboard: '1' }),
    annotations: annotationMap.default({}),
  }).optional(),
});
