import { can, engines, type Engine, type EngineName } from '../../contract/engines';
import { alternatives } from '../fields';
import { quote, wrong } from '../problems';
import type { SpecProblem } from '../spec-error';

/** What runs where a spec names no version. A newer one here is a breaking change of this package. */
export const defaultVersions = { valkey: '9.1', redis: '8.0', keydb: '6.3' } as const satisfies Record<
  EngineName,
  string
>;

/** What is wrong with the version of an engine. */
export function versionProblems(name: EngineName, version: string): SpecProblem[] {
  const { versions } = engines[name];
  if (versions.includes(version)) return [];
  return [{ path: ['version'], message: wrong(`a version of ${name}, ${alternatives(versions)}`, version) }];
}

/** The engine's official image. Its tag follows the patch releases of the version. */
export const officialImage = ({ name, version }: Engine): string => engines[name].image(version);

/** What is wrong with an image for an engine: a tag that says another version than the spec. */
export function imageProblems(image: string, { version }: Engine): SpecProblem[] {
  const tag = /:([\w][\w.-]*)$/.exec(image.replace(/@.*$/, ''))?.[1];
  if (tag === undefined || !/^\d/.test(tag)) return [];
  const [named] = /^\d+(\.\d+)?/.exec(tag) ?? [];
  if (named === version) return [];
  const message = `must have a tag of version "${version}", got ${quote(image)}; set "version" and "image" to the same one`;
  return [{ path: ['image'], message }];
}

/** What TLS needs of an engine that tells clients where other nodes are. */
export function clusterTlsProblems(engine: Engine): SpecProblem[] {
  if (can(engine, 'announceHostname')) return [];
  const message = `must be "off" with ${engine.name} ${engine.version}; it announces addresses only, and certificates hold names: use a newer version`;
  return [{ path: ['tls'], message }];
}
