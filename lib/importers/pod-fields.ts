import { notImported, problem, set, type Effect } from './effect';
import type { Source } from './source';
import { becomes, leftOut, type Given, type Rule, type Table } from './table';
import { bytes, cores, text, wholeNumber, word } from './values';

const amounts = { cpu: cores, memory: bytes } as const;

/** An amount of a container: `resources.limits.cpu`. */
const amount =
  (target: string): Rule =>
  (given) => {
    const [name] = given.steps;
    if (name === 'cpu' || name === 'memory')
      return becomes(`${target}.${name}`, amounts[name])({ ...given, steps: [] });
    return [notImported('a server reserves processor time and memory only')];
  };

/** The resources of a server, as in a container of Kubernetes. */
export const resourcesTable = (at: string): Table => ({
  [`${at}.requests.*`]: amount('resources.requests'),
  [`${at}.limits.*`]: amount('resources.limits'),
  [`${at}.claims[].name`]: leftOut('a server has no devices'),
  [`${at}.claims[].request`]: leftOut('a server has no devices'),
});

/** Where pods run, as in a pod of Kubernetes. */
export const placementTable = (at: string): Table => ({
  [`${at}.nodeSelector.*`]: becomes('scheduling.nodeSelector.*', text),
  [`${at}.tolerations[].key`]: becomes('scheduling.tolerations[].key', text),
  [`${at}.tolerations[].operator`]: becomes('scheduling.tolerations[].operator', word('Equal', 'Exists')),
  [`${at}.tolerations[].value`]: becomes('scheduling.tolerations[].value', text),
  [`${at}.tolerations[].effect`]: becomes(
    'scheduling.tolerations[].effect',
    word('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
  ),
  [`${at}.tolerations[].tolerationSeconds`]: becomes('scheduling.tolerations[].tolerationSeconds', wholeNumber),
});

/** The label of nodes that are one machine each. */
export const hostKey = 'kubernetes.io/hostname';

/** Spread over machines, which every list of constraints begins with unless it speaks of machines itself. */
const overHosts = { topologyKey: hostKey, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' } as const;

/** Spread over one more kind of place than machines. */
export const spreadOver = (topologyKey: string, maxSkew: number, whenUnsatisfiable: string): Effect =>
  set('scheduling.topologySpread', [
    ...(topologyKey === hostKey ? [] : [overHosts]),
    { topologyKey, maxSkew, whenUnsatisfiable },
  ]);

/** How strictly pods are spread. */
export const unsatisfiable = word('DoNotSchedule', 'ScheduleAnyway');

/** A list of constraints as in a pod of Kubernetes, read by its keys. */
export function spreadEffects(source: Source, at: string): Effect[] {
  const constraints = source.said.flatMap(({ path, value }) => {
    const own = path.slice(0, -1).join('.');
    if (path.at(-1) !== 'topologyKey' || path.slice(0, -2).join('.') !== at) return [];
    const word = source.at(`${own}.whenUnsatisfiable`) ?? 'DoNotSchedule';
    const maxSkew = source.number(`${own}.maxSkew`) ?? 1;
    return [{ topologyKey: String(value), maxSkew, whenUnsatisfiable: unsatisfiable.read(word) ?? word }];
  });
  if (constraints.length === 0) return [];
  const hosts = constraints.some(({ topologyKey }) => topologyKey === hostKey) ? [] : [overHosts];
  return [set('scheduling.topologySpread', [...hosts, ...constraints])];
}

/** Words of a switch as the engine writes them. */
export const yesNo = (on: boolean): 'yes' | 'no' => (on ? 'yes' : 'no');

/** Names of exporter variables that hold, or may hold, a password. */
const secretVariable = /PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL|^REDIS_ADDR$/i;

/** A variable of an exporter. */
export const exporterVariable: Rule = ({ steps, value }: Given) => {
  const name = String(steps[0]);
  if (secretVariable.test(name)) return [notImported('the exporter is given its address and password by the agent')];
  if (!/^[A-Za-z_]\w*$/.test(name)) return [problem('must be the name of a variable')];
  return [set(['monitoring', 'exporter', 'env', name], String(value))];
};

/** An exporter's image. The one that everybody uses comes with this package, in a version that is known to work. */
export const exporterImage: Rule = ({ value }) => {
  const image = String(value).trim();
  const everybodys = /(^|\/)oliver006\/redis_exporter(:|@|$)/.test(image);
  const floats = !/(:[\w][\w.-]*|@sha256:[0-9a-f]{64})$/.test(image) || image.endsWith(':latest');
  if (everybodys || floats) {
    return [notImported('this package brings the version that goes with it; monitoring.exporter.image overrides it')];
  }
  return [set('monitoring.exporter.image', image)];
};
