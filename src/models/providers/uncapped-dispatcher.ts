/** Where Node keeps the connection pool of its `fetch`. */
const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

type Dispatcher = new (options: { readonly headersTimeout: number; readonly bodyTimeout: number }) => object;

let dispatcher: object | undefined;

/**
 * A connection pool for `fetch` without Node's own limit of 300 s for an answer: deadlines are the caller's. It is of
 * the class that Node's `fetch` brings along, which a package of another version does not work with.
 * @returns undefined where this Node has none, or the user has put another in its place
 */
export function uncappedDispatcher(): object | undefined {
  if (dispatcher) return dispatcher;
  // It is set when `fetch` is first loaded.
  void globalThis.Response.name;
  const standard = (globalThis as Readonly<Record<symbol, object | undefined>>)[GLOBAL_DISPATCHER];
  if (standard === undefined || standard.constructor.name !== 'Agent') return undefined;
  dispatcher = new (standard.constructor as Dispatcher)({ headersTimeout: 0, bodyTimeout: 0 });
  return dispatcher;
}
