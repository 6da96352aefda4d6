import { createTurns } from '../../sidecar/turns';

/** Work that ends when told. */
function createWork() {
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  return {
    begun,
    end: (name: string, error?: Error) => ends.get(name)!(error),
    of: (name: string) => () =>
      new Promise<string>((resolve, reject) => {
        begun.push(name);
        ends.set(name, (error) => (error ? reject(error) : resolve(name)));
      }),
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('so many at a time, and first those of whom nobody is at work', async () => {
  const { begun, end, of } = createWork();
  const turns = createTurns(2);
  const all = ['a1', 'a2', 'b1', 'b2', 'c1'].map((name) => turns.take(name[0]!, of(name)));
  await settle();
  expect(begun).toEqual(['a1', 'a2']);
  end('a2');
  await settle();
  expect(begun.slice(2)).toEqual(['b1']);
  end('a1');
  await settle();
  expect(begun.slice(3)).toEqual(['c1']);
  end('c1');
  await settle();
  expect(begun.slice(4)).toEqual(['b2']);
  end('b1');
  end('b2');
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'b1', 'b2', 'c1']);
});

test('work that fails makes room for the next', async () => {
  const { begun, end, of } = createWork();
  const turns = createTurns(1);
  const failing = turns.take('a', of('a'));
  const next = turns.take('a', of('b'));
  await settle();
  end('a', new Error('lost'));
  await expect(failing).rejects.toThrow('lost');
  await settle();
  expect(begun).toEqual(['a', 'b']);
  end('b');
  expect(await next).toBe('b');
});
