import { k8s } from 'cdk8s-plus-28';

import { labels, objectNames, ports } from '../contract/names';
import { objectMeta, serverSelector, type Family } from './metadata';

const clientPort: k8s.ServicePort = {
  name: 'client',
  port: ports.client,
  targetPort: k8s.IntOrString.fromString('client'),
};

/**
 * A name for every pod, ready or not: nodes have to find each other before they can be ready.
 *
 * @param portNumbers by the name that the pods give them
 */
export function headlessService(family: Family, portNumbers: Readonly<Record<string, number>>): k8s.KubeServiceProps {
  return {
    metadata: objectMeta(family, objectNames(family.database).headlessService, 'service'),
    spec: {
      clusterIp: 'None',
      publishNotReadyAddresses: true,
      selector: serverSelector(family.database),
      ports: Object.entries(portNumbers).map(([name, port]) => ({
        name,
        port,
        targetPort: k8s.IntOrString.fromString(name),
      })),
    },
  };
}

/** Where clients find any node that is ready; a cluster tells them the rest. */
export function clientService(family: Family): k8s.KubeServiceProps {
  return {
    metadata: objectMeta(family, objectNames(family.database).clientService, 'service'),
    spec: { selector: serverSelector(family.database), ports: [clientPort] },
  };
}

/** The replicas, by the role label that the agents keep true. */
export function replicaService(family: Family): k8s.KubeServiceProps {
  return {
    metadata: objectMeta(family, objectNames(family.database).replicaService, 'service'),
    spec: { selector: { ...serverSelector(family.database), [labels.role]: 'replica' }, ports: [clientPort] },
  };
}
