import type { Clock, Log, Platform } from './edges';
import type { DatabaseView } from './view';
import type { ConfigurationView } from './view-configuration';

/** What it takes to look at the configuration in Kubernetes. */
export interface ConfigurationSources {
  readonly platform: Pick<Platform, 'readConfiguration'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** How long a look is good for. Milliseconds. */
const goodForMs = 5000;

/** Adds to a view of the database whether its pods have been told of the newest configuration. One observer a coordinator. */
export function createConfigurationObserver({ platform, clock, log }: ConfigurationSources) {
  let seen: { readonly at: number; readonly configuration: ConfigurationView | undefined } | undefined;

  async function look(): Promise<ConfigurationView | undefined> {
    if (seen && clock.now() - seen.at < goodForMs) return seen.configuration;
    const configuration = await platform.readConfiguration().catch((error: unknown) => {
      log.debug({ error }, 'the version of the configuration cannot be looked at');
      return undefined;
    });
    seen = { at: clock.now(), configuration };
    return configuration;
  }

  return async (view: DatabaseView): Promise<DatabaseView> => {
    const configuration = await look();
    return configuration ? { ...view, configuration } : view;
  };
}
