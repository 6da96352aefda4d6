/** A function that works out once what follows from a thing, for as long as that is there. */
export function remember<Thing extends object, Result>(workOut: (thing: Thing) => Result): (thing: Thing) => Result {
  const known = new WeakMap<Thing, { readonly result: Result }>();
  return (thing) => {
    const found = known.get(thing) ?? { result: workOut(thing) };
    known.set(thing, found);
    return found.result;
  };
}
