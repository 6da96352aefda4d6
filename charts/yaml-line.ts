/**
 * A line of printable ASCII as a value of YAML 1.1, to the byte what cdk8s's writer makes of it.
 *
 * @returns undefined where only that writer can tell
 */
export function writeLine(value: string): string | undefined {
  if (!/^[ -~]*$/.test(value) || value.includes('\\')) return undefined;
  if (hasSyntax.test(value) || isSomethingElse.test(value)) return quote(value);
  return startsLikeText.test(value) || isAmount.test(value) ? value : undefined;
}

/** Begins or ends as a line of text cannot, or has a comment or another value in it. */
const hasSyntax = /^[ ,[\]{}#&*!|>'"%@`]|^[?-](?: |$)|: | #|[ :]$/;

/** Nothing, a switch, or a whole number: https://yaml.org/type/ */
const isSomethingElse = /^(?:|~|null|y|yes|n|no|true|false|on|off|-?\d+)$/;

/** Text, whatever follows; apart from switches in capitals and from `e0`, a number to that writer. */
const startsLikeText = /^(?!(?:null|y|yes|n|no|true|false|on|off|-?e[-+]?\d+)$)(?:-{0,2}[a-z]|[/$(_:])/i;

/** Begins with a digit and has what no number, duration or time has: a unit, two dots, a letter of a hash. */
const isAmount = /^\d(?:[ -~]*[g-su-wyG-SU-WY*]|[\d.]*\.\d+\.\d|[\da-f]*[acdf][\da-f]*$)/;

function quote(value: string): string | undefined {
  if (!value.includes('"')) return `"${value}"`;
  return value.includes("'") ? undefined : `'${value}'`;
}
