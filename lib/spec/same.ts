type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

// The only test that tells optional from required and any from unknown: the compiler compares both generic types as they stand.
/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters */
type Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/* eslint-enable @typescript-eslint/no-unnecessary-type-parameters */

/** `true` where both types are the same field by field, all the way down, whether readonly or not; else `false`. */
export type Same<A, B> = Identical<DeepReadonly<A>, DeepReadonly<B>>;
