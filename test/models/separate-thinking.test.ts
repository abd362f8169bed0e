import { describe, expect, it } from 'vitest';
import { separateThinking } from '../../src/models/separate-thinking.ts';

describe('thinking in a text', () => {
  it.each([
    ['<think>Hm.</think>\n\nYes.', '<think>Hm.</think>', 'Yes.'],
    ['\n<think>\nHm. <b>?\n</think>Yes.', '\n<think>\nHm. <b>?\n</think>', 'Yes.'],
    ['Hm.\n</think>\n\nYes.', 'Hm.\n</think>', 'Yes.'],
    ['[THINK]Hm.[/THINK]Yes.', '[THINK]Hm.[/THINK]', 'Yes.'],
    ['<thought>Hm.</thought> Yes.', '<thought>Hm.</thought>', 'Yes.'],
    ['<seed:think>Hm.</seed:think>Yes.', '<seed:think>Hm.</seed:think>', 'Yes.'],
    ['<think>Hm. I was cut', '<think>Hm. I was cut', ''],
    ['<think></think>', '<think></think>', ''],
  ])('is separated from the answer: %j', (text, thinking, answer) => {
    expect(separateThinking(text)).toEqual({ thinking, answer });
  });

  it.each(['Yes.', '  Yes. ', 'Write <think>…</think> around it.', 'Models begin with <think>.', ''])(
    'is not seen in an answer such as %j',
    (text) => {
      expect(separateThinking(text)).toEqual({ thinking: '', answer: text });
    },
  );
});
