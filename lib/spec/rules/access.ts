import { can, type Engine } from '../../contract/engines';
import { commandSince, takesRule } from '../../contract/known-commands';
import { ports } from '../../contract/names';
import type { SoundFields } from '../kinds';
import { quote } from '../problems';
import type { AuthFields } from '../schema/auth-schema';
import type { ServiceFields } from '../schema/services-schema';
import type { SpecProblem } from '../spec-error';
import { parseDuration } from '../time-and-place';

/** What is wrong with users, certificates and Services. */
export const accessProblems = (fields: SoundFields, engine: Engine | undefined): SpecProblem[] => [
  ...userProblems(fields, engine),
  ...certificateProblems(fields),
  ...serviceProblems(fields),
  ...exporterProblems(fields),
];

function userProblems({ auth, modules = [] }: SoundFields, engine: Engine | undefined): SpecProblem[] {
  if (auth === undefined || auth === 'off') return [];
  const seen = new Set<string>();
  const twice = auth.users.flatMap(({ name }, index): SpecProblem[] => {
    const second = seen.has(name);
    seen.add(name);
    return second
      ? [{ path: ['auth', 'users', index, 'name'], message: `must be the only one, got ${quote(name)} twice` }]
      : [];
  });
  if (engine === undefined) return twice;
  // A module brings commands of its own.
  const unknown = modules.length > 0 ? [] : unknownCommands(auth, engine);
  if (can(engine, 'aclKeyPermissions')) return [...twice, ...unknown];
  const newer = (path: SpecProblem['path'], rule: string): SpecProblem => ({
    path: ['auth', ...path],
    message: `must be a rule of ${engine.name} ${engine.version}, got ${quote(rule)}; it cannot part reading from writing, nor deny a subcommand`,
  });
  return [
    ...twice,
    ...unknown,
    ...auth.users.flatMap(({ keys, commands }, user) => [
      ...keys.flatMap((key, index) => (key.startsWith('%') ? [newer(['users', user, 'keys', index], key)] : [])),
      ...commands.flatMap((rule, index) =>
        /^-.*\|/.test(rule) ? [newer(['users', user, 'commands', index], rule)] : [],
      ),
    ]),
    ...auth.deniedCommands.flatMap((rule, index) =>
      rule.includes('|') ? [newer(['deniedCommands', index], rule)] : [],
    ),
  ];
}

/** One rule about a command that the engine does not know, and no server would start. */
function unknownCommands({ users, deniedCommands }: AuthFields, engine: Engine): SpecProblem[] {
  const check = (path: SpecProblem['path'], rule: string, signed = rule): SpecProblem[] => {
    const name = signed.slice(1);
    // Of an engine that denies no subcommands that has been said.
    const told = signed.startsWith('-') && name.includes('|') && !can(engine, 'aclKeyPermissions');
    if (told || takesRule(engine, signed)) return [];
    const since = commandSince(engine.name, name);
    const why = since === undefined ? 'no version of it has' : `it came with ${engine.name} ${since}`;
    const message = `must be a command of ${engine.name} ${engine.version}, got ${quote(rule)}; ${why}`;
    return [{ path: ['auth', ...path], message }];
  };
  return [
    ...users.flatMap(({ commands }, user) =>
      commands.flatMap((rule, index) => check(['users', user, 'commands', index], rule)),
    ),
    ...deniedCommands.flatMap((rule, index) => check(['deniedCommands', index], rule, `-${rule}`)),
  ];
}

function certificateProblems({ tls }: SoundFields): SpecProblem[] {
  if (tls === undefined || tls === 'off' || !('issuer' in tls) || tls.renewBefore === undefined) return [];
  if ((parseDuration(tls.renewBefore) ?? 0) < (parseDuration(tls.duration) ?? 0)) return [];
  const message = `must be less than "duration", ${quote(tls.duration)}, got ${quote(tls.renewBefore)}`;
  return [{ path: ['tls', 'renewBefore'], message }];
}

function serviceProblems({ services, externalAccess }: SoundFields): SpecProblem[] {
  const families = services?.ipFamilies ?? [];
  const two = families.length > 1 && ['SingleStack', undefined].includes(services?.ipFamilyPolicy);
  const message = `must be one family unless "ipFamilyPolicy" is "PreferDualStack" or "RequireDualStack", got ${quote(families)}`;
  return [
    ...(two ? [{ path: ['services', 'ipFamilies'], message }] : []),
    ...(new Set(families).size < families.length
      ? [{ path: ['services', 'ipFamilies'], message: `must name each family once, got ${quote(families)}` }]
      : []),
    ...(services ? typeProblems(services.client, ['services', 'client']) : []),
    ...(services && 'replica' in services ? typeProblems(services.replica, ['services', 'replica']) : []),
    ...(externalAccess ? typeProblems(externalAccess, ['externalAccess']) : []),
  ];
}

type ServiceLike = Pick<
  ServiceFields,
  'type' | 'loadBalancerClass' | 'loadBalancerSourceRanges' | 'externalTrafficPolicy'
>;

/** Fields of a type of Service that another was asked for. */
function typeProblems(service: ServiceLike, path: SpecProblem['path']): SpecProblem[] {
  const { type } = service;
  const onlyBalanced = (['loadBalancerClass', 'loadBalancerSourceRanges'] as const).flatMap((field) =>
    type !== 'LoadBalancer' && service[field] !== undefined
      ? [{ path: [...path, field], message: `must not be without type "LoadBalancer", got ${quote(type)}` }]
      : [],
  );
  if (type !== 'ClusterIP' || service.externalTrafficPolicy === undefined) return onlyBalanced;
  const message = 'must not be with type "ClusterIP"; nobody comes from outside';
  return [...onlyBalanced, { path: [...path, 'externalTrafficPolicy'], message }];
}

function exporterProblems({ monitoring }: SoundFields): SpecProblem[] {
  const port = monitoring?.exporter?.port;
  const [taken] = Object.entries(ports).filter(([, number]) => number === port);
  if (port === undefined || taken === undefined) return [];
  return [{ path: ['monitoring', 'exporter', 'port'], message: `must be free, got ${port}, the port "${taken[0]}"` }];
}
