/**
 * Makes `instanceof` also recognise objects of another copy of this package. A plugin that is linked into a portal
 * (`npm install ../plugin`) brings its own copy; the objects that it throws and returns must still be recognised. Subclasses are
 * distinguished as usual.
 */
export function brand(branded: abstract new (...args: never[]) => object): void {
  const mark = Symbol.for(`@ilearn/core ${branded.name}`);
  Object.defineProperty(branded.prototype, mark, { value: true });
  Object.defineProperty(branded, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      if (this !== branded) return Function.prototype[Symbol.hasInstance].call(this as never, value);
      return typeof value === 'object' && value !== null && mark in value;
    },
  });
}
