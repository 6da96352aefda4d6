import type { Action, PlatformAction } from './action';
import type { Platform } from './edges';

const kinds: Readonly<Record<PlatformAction['do'], true>> = {
  'set-partition': true,
  'stop-rollout': true,
  'note-template': true,
  'renew-agent': true,
  'adopt-revision': true,
  'replace-pod': true,
  'bring-configuration': true,
  'grow-volume': true,
};

/** Whether it is Kubernetes that is asked for it. */
export const isPlatformAction = (action: Action): action is PlatformAction => action.do in kinds;

/** Asks Kubernetes for what the coordinator has decided about pods and volumes. Rejects with what the API says. */
export function actOnPlatform(action: PlatformAction, platform: Platform): Promise<void> {
  switch (action.do) {
    case 'set-partition':
      return platform.setPartition(action);
    case 'stop-rollout':
      return platform.stopRollout(action);
    case 'note-template':
      return platform.noteTemplate(action);
    case 'renew-agent':
      return platform.renewAgent(action);
    case 'adopt-revision':
      return platform.adoptRevision(action);
    case 'replace-pod':
      return platform.deletePod(action.node, action.uid);
    case 'bring-configuration':
      return platform.bringConfiguration(action.nodes, action.version);
    case 'grow-volume':
      return platform.growVolume(action.node, action.bytes);
  }
}
