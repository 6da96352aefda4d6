/** What servers say to each other when one begins to copy the other: https://valkey.io/topics/protocol/ */
import type { SocketReader } from './reader';

/** No command of a handshake has more words. */
const mostWords = 64;

/** A command as it goes over the wire. */
export const encode = (words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word, 'latin1')}\r\n${word}\r\n`).join('')}`;

/**
 * The next command of a server that copies: all of them are lists of words.
 *
 * @throws Error where it is none
 */
export async function readCommand(reader: SocketReader): Promise<string[]> {
  const count = numberOf(await reader.line(), '*', mostWords);
  const words: string[] = [];
  while (words.length < count) words.push(await readWord(reader, await reader.line()));
  return words;
}

/**
 * The answer to a command: a line, or a text.
 *
 * @throws Error with what the server says, where it refuses
 */
export async function readAnswer(reader: SocketReader): Promise<string> {
  const line = await reader.line();
  if (line.startsWith('-')) throw new Error(line.slice(1));
  return line.startsWith('$') ? readWord(reader, line) : line.slice(1);
}

/** Far more than `INFO` has. Bytes. */
const longestWord = 1024 * 1024;

async function readWord(reader: SocketReader, header: string): Promise<string> {
  const length = numberOf(header, '$', longestWord);
  const word = await reader.bytes(length + 2);
  return word.toString('latin1', 0, length);
}

function numberOf(line: string, sign: string, most: number): number {
  const value = Number(line.slice(1));
  if (line.startsWith(sign) && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new Error(`expected "${sign}" and a number up to ${most}, got "${line.slice(0, 40)}"`);
}
