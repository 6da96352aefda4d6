/** What an escaped character in double quotes stands for. */
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' };

/** A word in double quotes, one in single quotes, or one without. */
const word = /"((?:\\.|[^"\\])*)"|'((?:\\'|[^'])*)'|[^\s"']+/g;

/** The words of a directive's value, as the engine's parser reads them (`sdssplitargs` in `src/sds.c`). */
export const splitWords = (text: string): string[] =>
  [...text.matchAll(word)].map(([whole, double, single]) => {
    if (double !== undefined) return double.replace(/\\(x[\da-f]{2}|.)/gi, (_escape, code: string) => unescape(code));
    return single === undefined ? whole : single.replace(/\\'/g, "'");
  });

const unescape = (code: string): string =>
  code.length > 1 ? String.fromCharCode(parseInt(code.slice(1), 16)) : (escapes[code] ?? code);
