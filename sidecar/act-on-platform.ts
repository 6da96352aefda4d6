import type { PlatformAction } from './action';
import type { Platform } from './edges';

/** Asks Kubernetes for what the coordinator has decided about pods and volumes. Rejects with what the API says. */
export function actOnPlatform(action: PlatformAction, platform: Platform): Promise<void> {
  switch (action.do) {
    case 'set-partition':
      return platform.setPartition(action);
    case 'stop-rollout':
      return platform.stopRollout(action);
    case 'replace-pod':
      return platform.deletePod(action.node, action.uid);
    case 'grow-volume':
      return platform.growVolume(action.node, action.bytes);
  }
}
