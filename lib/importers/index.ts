import type { Importer } from './importer';
import { failoverCluster } from './kinds/failover-cluster';
import { heraCluster, heraInstance } from './kinds/hera';
import { howlBackup, howlScheduledBackup } from './kinds/howl-backup';
import { howlCluster } from './kinds/howl-cluster';
import { keydbCluster } from './kinds/keydb-cluster';
import { valkeyCluster } from './kinds/valkey-cluster';
import { valkeyUpgrade } from './kinds/valkey-upgrade';

/** Every kind of document that is imported. */
export const importers: readonly Importer[] = [
  keydbCluster,
  valkeyCluster,
  valkeyUpgrade,
  howlCluster,
  howlBackup,
  howlScheduledBackup,
  failoverCluster,
  heraInstance,
  heraCluster,
];
