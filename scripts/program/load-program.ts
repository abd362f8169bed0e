import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

// Written to dist/program, beside packs of the program's chunks. What V8 compiled of a pack during the build is in a file
// beside it. Another version of Node does not accept that file, and compiles the pack itself.

type Exports = Record<string, unknown>;
type Chunk = (exports: Exports, require: (name: string) => unknown) => void;
type Pack = (distAddress: string, importModule: (name: string) => Promise<unknown>) => Record<string, Chunk>;

const DIST = new URL('../', import.meta.url).href;
const requirePackage = createRequire(import.meta.url);
const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const packOf = JSON.parse(readFileSync(fileOf('packs.json'), 'utf8')) as Readonly<Record<string, string>>;
const scripts = new Map<string, Script>();

/** Nothing of it has run: a chunk runs when it is first asked for. */
export function openProgram() {
  const chunks = new Map<string, Chunk>();
  const loaded = new Map<string, Exports>();
  const given = new Map<string, unknown>();

  function load(name: string): Exports {
    const known = loaded.get(name);
    if (known !== undefined) return known;
    const exports: Exports = {};
    loaded.set(name, exports);
    chunkOf(name)(exports, (other) => (other in packOf ? load(other) : (given.get(other) ?? requirePackage(other))));
    return exports;
  }

  function chunkOf(name: string): Chunk {
    if (!chunks.has(name)) {
      const pack = scriptOf(packOf[name]!).runInThisContext() as Pack;
      // A script that was compiled before cannot import by itself.
      const importModule = (name: string): Promise<unknown> => import(name);
      for (const [key, chunk] of Object.entries(pack(DIST, importModule))) chunks.set(key, chunk);
    }
    return chunks.get(name)!;
  }

  return {
    load,
    /** Names of the chunks that have run. */
    loaded: () => [...loaded.keys()],
    /** A package that must be the copy of the program that imports us. */
    give: (name: string, module: unknown) => void given.set(name, module),
  };
}

function scriptOf(pack: string): Script {
  const known = scripts.get(pack);
  if (known !== undefined) return known;
  const filename = fileOf(pack);
  const compiled = `${filename}.compiled`;
  const script = new Script(readFileSync(filename, 'utf8'), {
    filename,
    cachedData: existsSync(compiled) ? readFileSync(compiled) : undefined,
  });
  scripts.set(pack, script);
  return script;
}

/** The one copy of the program that the command line, the library and plugins share. */
export const { load, loaded, give } = openProgram();

/** Keeps what V8 has compiled so far for later starts. */
export function saveCompiled(): void {
  for (const [pack, script] of scripts) writeFileSync(fileOf(`${pack}.compiled`), script.createCachedData());
}
