import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { PromptError } from '../domain/errors.ts';

const OWN_PROMPTS = fileURLToPath(new URL('../../prompts/', import.meta.url));

const frontMatter = z.object({
  id: z.string(),
  version: z.union([z.number(), z.string()]),
  layout: z.int().positive().max(2).default(1),
  words: z.int().positive().optional(),
  purpose: z.string().optional(),
  variables: z.array(z.string()).default([]),
  source: z.string().optional(),
});

export interface RenderedPrompt {
  /** Empty where the prompt has no `# System` part. */
  readonly system: string;
  readonly user: string;
}

/** A prompt file: front matter, then a `# System` part (optional) and a `# User` part with `{{variables}}`. */
export interface PromptTemplate {
  readonly id: string;
  readonly version: string;
  /** SHA-256 of the file, hex: a changed prompt is a different prompt, even under the same version. */
  readonly hash: string;
  readonly path: string;
  /** How what is filled in is written and how the answer is read, where there are several ways. 1 where the file names none. */
  readonly layout: number;
  /** The most words of a reason, where the prompt limits it and says so. */
  readonly words?: number;
  /** Fills every variable in; text that is filled in is never looked at for variables again. */
  render(values: Readonly<Record<string, string>>): RenderedPrompt;
}

/** Raised when prompts that ship with winnow change. The earlier ones are kept in a folder named after the last edition that had them. */
export const CURRENT_EDITION = 3;
/** The one that made choosing cheaper, not yet judging. */
export const SECOND_EDITION = 2;
/** Of runs and campaigns begun before there were several. */
export const FIRST_EDITION = 1;

/**
 * Loads `<id>.md` from the user's folder if it is there, else the one that ships with winnow.
 * @param required variables the prompt must use for the purpose to be served at all
 * @param edition of the prompts that ship with winnow: what began with earlier ones goes on with them
 * @throws PromptError when the folder does not exist, the file is malformed, or uses a variable that is not
 * declared or not known
 */
export function loadPrompt(
  id: string,
  required: readonly string[],
  folder?: string,
  edition = CURRENT_EDITION,
): PromptTemplate {
  const path = promptPath(id, folder, edition);
  const text = readPrompt(path);
  const { header, body } = splitFrontMatter(text, path);
  const declared = frontMatter.safeParse(header);
  if (!declared.success) {
    throw new PromptError(`${path}: bad front matter: ${z.prettifyError(declared.error)}.`);
  }
  const used = new Set([...body.matchAll(VARIABLE)].map(([, name]) => name!));
  const unknown = [...used].filter((name) => !required.includes(name) || !declared.data.variables.includes(name));
  const missing = required.filter((name) => !used.has(name));
  if (unknown.length > 0 || missing.length > 0) {
    const problems = [
      ...unknown.map((name) => `{{${name}}} is not a variable of this prompt`),
      ...missing.map((name) => `{{${name}}} is missing`),
    ];
    throw new PromptError(`${path}: ${problems.join('; ')}.`, {
      hint: `A prompt named "${id}" uses, and declares under "variables", exactly: ${required.join(', ')}.`,
    });
  }
  const parts = splitParts(body, path);
  return {
    id: declared.data.id,
    version: String(declared.data.version),
    hash: createHash('sha256').update(text).digest('hex'),
    path,
    layout: declared.data.layout,
    ...(declared.data.words === undefined ? {} : { words: declared.data.words }),
    render: (values) => ({ system: fill(parts.system, values), user: fill(parts.user, values) }),
  };
}

function promptPath(id: string, folder: string | undefined, edition: number): string {
  const editions = Array.from({ length: CURRENT_EDITION - edition }, (_, later) => String(edition + later));
  const kept = editions.map((folderName) => join(OWN_PROMPTS, folderName, `${id}.md`));
  const own = kept.find((path) => existsSync(path)) ?? join(OWN_PROMPTS, `${id}.md`);
  if (folder === undefined) return own;
  const names = readdirSync(OWN_PROMPTS).filter((name) => name.endsWith('.md'));
  if (!names.some((name) => existsSync(join(folder, name)))) {
    throw new PromptError(`The prompt folder ${folder} does not exist, or has none of ${names.join(', ')}.`, {
      hint: 'Correct its name, or leave it out to use the prompts that ship with winnow.',
    });
  }
  const override = join(folder, `${id}.md`);
  return existsSync(override) ? override : own;
}

function readPrompt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new PromptError(`${path} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}

const VARIABLE = /\{\{(\w+)\}\}/g;

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(VARIABLE, (_, name: string) => values[name] ?? '');
}

function splitFrontMatter(text: string, path: string): { header: unknown; body: string } {
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(text);
  if (!match) throw new PromptError(`${path}: a prompt begins with front matter between two lines of "---".`);
  try {
    return { header: parse(match[1]!), body: match[2]! };
  } catch (error) {
    throw new PromptError(`${path}: the front matter is not YAML: ${(error as Error).message}`, { cause: error });
  }
}

function splitParts(body: string, path: string): RenderedPrompt {
  const match = /^\s*(?:# System\r?\n([\s\S]*?)(?<=\n))?# User\r?\n([\s\S]*)$/.exec(body);
  if (!match) {
    throw new PromptError(`${path}: the body is a "# System" part (optional), then a "# User" part.`);
  }
  return { system: (match[1] ?? '').trim(), user: match[2]!.trim() };
}
