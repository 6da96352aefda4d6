import type { BackupDestination } from '../../lib/contract/agent-config';
import { locate } from '../home/paths';
import { createFolderStore } from './folder-store';
import { createS3Store } from './s3-store';
import type { BackupStore } from './store';

/**
 * Opens the store that the configuration names.
 *
 * @param home folder of the agent's files, see `locate`
 * @throws Error where the credentials' folder cannot be read
 */
export const openStore = async (destination: BackupDestination, home: string): Promise<BackupStore> =>
  'folder' in destination ? createFolderStore(locate(home, destination.folder)) : createS3Store(destination.s3, home);
