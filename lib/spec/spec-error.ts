/** One thing that is wrong with a spec. */
export interface SpecProblem {
  /** Where: `['resources', 'limits', 'memory']`. `metadata.name` and `metadata.namespace` are a construct's id and its chart's namespace. */
  readonly path: readonly (string | number)[];
  /** What is wrong, what was found, and what would be right. */
  readonly message: string;
}

/** As people write it: `resources.limits.memory`, `imagePullSecrets[0]`. No name has spaces: a line in its place may be a password. */
const formatPath = (path: SpecProblem['path']): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step.replace(/\s.*$/s, '...')}`))
    .join('')
    .replace(/^\./, '');

/** Where and what: `shards: must be ...`. */
export const describeProblem = ({ path, message }: SpecProblem): string =>
  path.length === 0 ? message : `${formatPath(path)}: ${message}`;

/** A spec that cannot become manifests. Holds every problem at once. */
export class SpecError extends Error {
  override readonly name = 'SpecError';

  /**
   * @param subject path of the construct: `shop/orders`
   * @param problems at least one
   */
  constructor(
    readonly subject: string,
    readonly problems: readonly SpecProblem[],
  ) {
    super(problems.map((problem) => `[${subject}] ${describeProblem(problem)}`).join('\n'));
  }
}
