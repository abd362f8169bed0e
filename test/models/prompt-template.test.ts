import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIRST_EDITION, loadPrompt } from '../../src/models/prompt-template.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

function promptFile(id: string, body: string, header = 'version: 1\nvariables: [count, text]'): string {
  return folder.write(`${id}.md`, `---\nid: ${id}\n${header}\n---\n${body}`);
}

function load(id: string, required: readonly string[] = ['count', 'text']) {
  return loadPrompt(id, required, folder.path);
}

describe('the prompts that ship with winnow', () => {
  it.each([
    ['select', ['count', 'total', 'candidates']],
    ['repair', ['problem']],
  ] as const)('%s can be loaded and filled in', (id, variables) => {
    const prompt = loadPrompt(id, variables);
    expect(prompt).toMatchObject({ id, version: '2', path: expect.stringMatching(new RegExp(`prompts.${id}\\.md$`)) });
    expect(prompt.hash).toBe(createHash('sha256').update(readFileSync(prompt.path)).digest('hex'));
    const { system, user } = prompt.render(Object.fromEntries(variables.map((name) => [name, `<${name}>`])));
    for (const name of variables) expect(user).toContain(`<${name}>`);
    expect(system + user).not.toMatch(/\{\{|\}\}|^# (?:System|User)$/m);
  });

  it('select has a system part, repair none', () => {
    expect(loadPrompt('select', ['count', 'total', 'candidates']).render({}).system).toMatch(
      /^Choose which instructions/,
    );
    expect(loadPrompt('repair', ['problem']).render({}).system).toBe('');
  });
});

const HASHES_BEFORE_THE_THIRD = [
  ['draft', 'dd0030be428e'],
  ['judge-accuracy', 'b5b39639ba19'],
  ['judge-complexity', '7c6d161cca2c'],
  ['judge-helpfulness', '9ebb460ad796'],
  ['judge-necessity', 'dd18c6d6c42a'],
  ['judge-quality', '72a2462e6d55'],
  ['judge-response-quality', 'e034f2999487'],
  ['tag', 'fb5f71829f45'],
] as const;

describe('the prompts of an earlier edition', () => {
  it('are still there, with the hashes that runs begun with them have in their identity', () => {
    const hashOf = (id: string, variables: readonly string[]) =>
      loadPrompt(id, variables, undefined, FIRST_EDITION).hash.slice(0, 12);
    expect(hashOf('select', ['count', 'total', 'candidates'])).toBe('0c97ba2d65e0');
    expect(hashOf('repair', ['problem'])).toBe('293bc888b6e4');
    // Not changed before the third edition.
    for (const [id, hash] of HASHES_BEFORE_THE_THIRD) expect(hashOf(id, ['item'])).toBe(hash);
  });

  it('are those of today where they have not changed, and no layout is the first', () => {
    const reasons = loadPrompt('reasons', ['candidates'], undefined, FIRST_EDITION);
    expect(reasons).toEqual({ ...loadPrompt('reasons', ['candidates']), render: expect.any(Function) });
    expect(loadPrompt('select', ['count', 'total', 'candidates'], undefined, FIRST_EDITION).layout).toBe(1);
    expect(loadPrompt('select', ['count', 'total', 'candidates']).layout).toBe(2);
  });
});

describe('a prompt of the user', () => {
  it('comes before the one of winnow, and only where there is one', () => {
    promptFile('repair', '# User\nAgain: {{problem}}', 'version: 2025-01\nvariables: [problem]');
    const own = loadPrompt('repair', ['problem'], folder.path);
    expect(own).toMatchObject({ version: '2025-01', path: folder.file('repair.md') });
    expect(own.render({ problem: 'no.' })).toEqual({ system: '', user: 'Again: no.' });
    const shipped = loadPrompt('select', ['count', 'total', 'candidates'], folder.path);
    expect(shipped.path).not.toContain(folder.path);
  });

  it('has its parts trimmed, a variable as often as it is used, and lines of Windows', () => {
    promptFile('parts', '\n# System\n\nBe brief, {{count}}.\n\n# User\n\n{{text}} {{count}}\n{{text}}\n\n');
    const filled = { system: 'Be brief, 3.', user: 'x 3\nx' };
    expect(load('parts').render({ count: '3', text: 'x' })).toEqual(filled);
    folder.write('parts.md', readFileSync(folder.file('parts.md'), 'utf8').replaceAll('\n', '\r\n'));
    expect(load('parts').render({ count: '3', text: 'x' })).toEqual({ ...filled, user: 'x 3\r\nx' });
  });

  it('may have an empty system part, and headings of its own', () => {
    promptFile('headings', '# System\n# User\n# Task\n{{count}}\n# System\n{{text}}');
    expect(load('headings').render({ count: '1', text: 'a' })).toEqual({
      system: '',
      user: '# Task\n1\n# System\na',
    });
  });

  it('is another prompt after any change', () => {
    promptFile('changed', '# User\n{{count}} {{text}}');
    const before = load('changed').hash;
    promptFile('changed', '# User\n{{count}}  {{text}}');
    expect(load('changed').hash).not.toBe(before);
  });
});

describe('rendering', () => {
  it('never looks at filled-in text for variables again', () => {
    promptFile('single-pass', '# User\n{{count}}|{{text}}|{{count}}');
    const prompt = load('single-pass');
    expect(prompt.render({ count: '{{text}}', text: '{{count}}' }).user).toBe('{{text}}|{{count}}|{{text}}');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (hostile) => {
        const text = `${hostile}{{count}}$&$1$\`{{nothing}}`;
        expect(prompt.render({ count: '4', text }).user).toBe(`4|${text}|4`);
      }),
    );
  });
});

describe('a prompt file that cannot be used', () => {
  it.each([
    ['no-header', 'Just text.', 'begins with front matter'],
    ['open-header', '---\nid: open-header\n# User\n{{count}} {{text}}', 'begins with front matter'],
    ['not-yaml', '---\nid: [\n---\n# User\n', 'the front matter is not YAML'],
    ['no-version', '---\nid: no-version\nvariables: [count, text]\n---\n# User\n{{count}} {{text}}', 'version'],
    ['list', '---\n- a\n---\n# User\n{{count}} {{text}}', 'bad front matter'],
  ])('%s is refused with its path and what is wrong', (id, content, message) => {
    const path = folder.write(`${id}.md`, content);
    expect(() => load(id)).toThrow(
      expect.objectContaining({ code: 'PROMPT', message: expect.stringContaining(message) }),
    );
    expect(() => load(id)).toThrow(path);
  });

  it.each([
    ['no-user', '# System\n{{count}} {{text}}'],
    ['text-first', 'Read this.\n# User\n{{count}} {{text}}'],
    ['text-before-system', 'Read this.\n# System\nBe kind.\n# User\n{{count}} {{text}}'],
    // Taken for nothing, the whole system part would be lost.
    ['misspelled', '# system\nBe kind.\n# User\n{{count}} {{text}}'],
  ])('%s is refused, so that no part of it is left out', (id, body) => {
    promptFile(id, body);
    expect(() => load(id)).toThrow('a "# System" part (optional), then a "# User" part');
  });

  it('names every variable that is missing or not known, and lists those that are', () => {
    promptFile('variables', '# User\n{{count}} {{other}}', 'version: 1\nvariables: [count, text, other]');
    expect(() => load('variables')).toThrow(
      expect.objectContaining({
        code: 'PROMPT',
        message: expect.stringMatching(/\{\{other\}\} is not a variable of this prompt; \{\{text\}\} is missing\.$/),
        hint: 'A prompt named "variables" uses, and declares under "variables", exactly: count, text.',
      }),
    );
  });

  it('must declare the variables it uses', () => {
    promptFile('undeclared', '# User\n{{count}} {{text}}', 'version: 1\nvariables: [count]');
    expect(() => load('undeclared')).toThrow('{{text}} is not a variable of this prompt');
  });

  it('cannot be a folder', () => {
    mkdirSync(folder.file('folder.md'));
    expect(() => load('folder')).toThrow(expect.objectContaining({ code: 'PROMPT' }));
  });

  it('is not replaced in silence where the folder of the user does not exist', () => {
    expect(() => loadPrompt('repair', ['problem'], folder.file('promts'))).toThrow(
      expect.objectContaining({ code: 'PROMPT', message: expect.stringContaining('promts does not exist') }),
    );
  });

  it('is an error too where neither the user nor winnow has one', () => {
    expect(() => load('nowhere')).toThrow(expect.objectContaining({ code: 'PROMPT' }));
  });
});
