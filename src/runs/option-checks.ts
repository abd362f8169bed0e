import { UsageError } from '../domain/errors.ts';
import { nearestWord } from '../domain/nearest-word.ts';
import { option, sentence } from '../domain/wording.ts';
import { PROVIDERS } from '../models/providers/registry.ts';

/** @param known every name there is @throws UsageError for an option that does not exist, with the nearest that does */
export function checkNames(options: object, known: Readonly<Record<string, true>>): void {
  const name = Object.keys(options).find((one) => !Object.hasOwn(known, one));
  if (name === undefined) return;
  const nearest = nearestWord(name, Object.keys(known));
  throw new UsageError(
    sentence`There is no option ${option(name)}.`,
    nearest === undefined ? 'See the documentation of the options.' : sentence`Did you mean ${option(nearest)}?`,
  );
}

/** @throws UsageError for a number that is not whole, or is below `least` */
export function checkWhole(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new UsageError(
      sentence`${option(name)} is a whole number${least > Number.MIN_SAFE_INTEGER ? ` ≥ ${least}` : ''}, not ${value}.`,
      undefined,
      least > Number.MIN_SAFE_INTEGER ? { limit: least } : undefined,
    );
  }
}

/** @throws UsageError for a value that is not allowed */
export function checkOneOf(name: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw new UsageError(sentence`${option(name)} is one of ${allowed.join(', ')}, not ${value}.`);
}

/** @throws UsageError for an invalid web address, or one with a user name, password or query */
export function checkAddress(name: string, url: string | undefined): void {
  if (url === undefined) return;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new UsageError(sentence`${option(name)} is a web address such as http://localhost:8000/v1, not ${url}.`);
  }
  // It is part of the run's identity, which is stored and shown.
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '') {
    throw new UsageError(
      sentence`${option(name)} must hold no user name, password or query.`,
      'Give the key by its environment variable.',
    );
  }
}

/** @throws UsageError for an invalid key, without showing it */
export function checkKey(name: string, value: string | undefined): void {
  if (value !== undefined && !/^[\x21-\x7e]*$/.test(value)) {
    throw new UsageError(
      `${name} contains characters that keys never have, such as spaces or curly quotes.`,
      'Copy it again.',
    );
  }
}

/** @throws UsageError where provider, model, address and price do not go together */
export function checkProvider({
  provider,
  model,
  baseUrl,
  price,
}: {
  readonly provider: string;
  readonly model?: string;
  readonly baseUrl?: string;
  readonly price?: unknown;
}): void {
  const { required, settings } = PROVIDERS.find(provider);
  if (required.includes('model') && model === undefined) {
    throw new UsageError(sentence`${option('provider', provider)} needs ${option('model')}.`);
  }
  const takers = [...PROVIDERS].filter((other) => 'model' in other.settings.shape).map(({ name }) => name);
  const hint = `Use one of: ${takers.join(', ')}.`;
  if (!('model' in settings.shape) && model !== undefined) {
    throw new UsageError(sentence`${option('model', model)} needs a ${option('provider')}.`, hint);
  }
  if (!('baseUrl' in settings.shape) && (baseUrl !== undefined || price !== undefined)) {
    throw new UsageError(sentence`${option('baseUrl')} and ${option('price')} need a ${option('provider')}.`, hint);
  }
  if (required.includes('baseUrl') && baseUrl === undefined) {
    throw new UsageError(
      sentence`${option('provider', provider)} needs ${option('baseUrl')}, e.g. http://localhost:8000/v1.`,
    );
  }
}
