/** Words of one command. */
export type Words = readonly (string | number)[];

/** As it goes over the wire, RESP. https://valkey.io/topics/protocol/ */
export const encode = (words: Words): string => `*${words.length}\r\n${encodeWords(words)}`;

/** The words alone, for a command that has more of them. */
export const encodeWords = (words: Words): string => words.map(encodeWord).join('');

function encodeWord(word: string | number): string {
  const text = String(word);
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}
