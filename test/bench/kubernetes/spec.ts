import { synthesizeOrders } from '../../kubernetes/support/manifests';
import type { Orders } from '../../kubernetes/support/orders';

/** The example as the operator was measured with: its version, so many shards, and room for the keys that move. */
export const manifestsFor = ({ namespace, setting }: Orders, shards = 3): string =>
  synthesizeOrders(namespace.name, setting.agentImage, (spec) =>
    spec
      .replace("version: '8.1'", "version: '9.1'")
      .replace('shards: 3', `shards: ${shards}`)
      .replace('memory: 256Mi', 'memory: 1Gi'),
  );
