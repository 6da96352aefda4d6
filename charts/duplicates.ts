import { ApiObject, type Chart } from 'cdk8s';

import type { FileProblem, SpecDocument } from './documents';

/** A chart and where its spec stands. */
export interface MadeChart {
  readonly chart: Chart;
  readonly document: SpecDocument;
}

/** File and line of the spec of a chart. */
export const whereIs = ({ document }: MadeChart): string => `${document.file}:${document.lineOf(['metadata', 'name'])}`;

/** Objects that two charts make: whichever is applied last would win, and both databases would break. */
export function findDuplicates(made: readonly MadeChart[]): FileProblem[] {
  const makers = new Map<string, MadeChart>();
  return made.flatMap((maker) => {
    const own = apiObjects(maker.chart).map(identify);
    const taken = own.find((object) => makers.has(object));
    for (const object of own) if (!makers.has(object)) makers.set(object, maker);
    const first = taken === undefined ? undefined : makers.get(taken);
    if (!first) return [];
    const line = maker.document.lineOf(['metadata', 'name']);
    const message = `[${maker.chart.node.id}] metadata.name: makes ${taken ?? ''}, which ${first.chart.node.id} at ${whereIs(first)} makes too; choose another name`;
    return [{ file: maker.document.file, line, message }];
  });
}

const apiObjects = (chart: Chart): ApiObject[] =>
  chart.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));

const identify = ({ kind, metadata }: ApiObject): string =>
  `${kind} ${metadata.namespace ?? ''}/${metadata.name ?? ''}`;
