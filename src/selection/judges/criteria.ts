import { Registry } from '../../domain/registry.ts';

/** Lowest and highest score, both inclusive. */
export interface Scale {
  readonly min: number;
  readonly max: number;
}

/** A prompt file and the variables it must have. */
export interface PromptDeclaration {
  readonly id: string;
  readonly variables: readonly string[];
  /** The option, a switch, without which it is not used. */
  readonly onlyWith?: string;
}

/** One property that a judge scores: of an instruction, or of an instruction with its response. */
export interface Criterion {
  readonly name: string;
  /** One line for `--help` and the docs. */
  readonly summary: string;
  readonly source: string;
  /** `response`: an instruction with its response; `instruction`: the instruction alone. */
  readonly of: 'instruction' | 'response';
  readonly scale: Scale;
  /** The prompt for an LLM. */
  readonly prompt: PromptDeclaration;
  /**
   * Whether an LLM's score is the expectation over the whole numbers of the scale, when the server returns
   * log-probabilities. The score then comes before the reason and is a whole number.
   */
  readonly isWeighed: boolean;
  /** Tokens of a reason as long as the prompt allows, with the JSON around it: usually, and at most in wordier languages. */
  readonly outputTokens: { readonly expected: number; readonly most: number };
}

const MODS = 'MoDS (arXiv 2311.15653).';
const ALPAGASUS = 'AlpaGasus (arXiv 2307.08701).';
const DEITA = 'DEITA (arXiv 2312.15685).';

/** How well a seed model answers: a low score means that the model needs to be trained on this instruction. */
export const NECESSITY: Criterion = {
  name: 'necessity',
  summary: "how well a seed model's answer serves the instruction",
  source: `${MODS} The scale of GPT-4's pairwise reviews.`,
  of: 'response',
  scale: { min: 1, max: 10 },
  prompt: { id: 'judge-necessity', variables: ['item'] },
  isWeighed: false,
  outputTokens: { expected: 80, most: 400 },
};

/** Every criterion. Add a new one here, and its prompt in `prompts/`. */
export const CRITERIA = new Registry<Criterion>('criterion', [
  {
    name: 'quality',
    summary: 'how good the instruction is by itself',
    source: MODS,
    of: 'instruction',
    scale: { min: 0, max: 5 },
    prompt: { id: 'judge-quality', variables: ['item'] },
    isWeighed: false,
    outputTokens: { expected: 45, most: 240 },
  },
  {
    name: 'complexity',
    summary: 'how much the instruction demands',
    source: DEITA,
    of: 'instruction',
    scale: { min: 1, max: 6 },
    prompt: { id: 'judge-complexity', variables: ['item'] },
    isWeighed: true,
    outputTokens: { expected: 45, most: 240 },
  },
  {
    name: 'accuracy',
    summary: 'how accurate the response is',
    source: ALPAGASUS,
    of: 'response',
    scale: { min: 0, max: 5 },
    prompt: { id: 'judge-accuracy', variables: ['item'] },
    isWeighed: false,
    outputTokens: { expected: 55, most: 280 },
  },
  {
    name: 'helpfulness',
    summary: 'how helpful the response is',
    source: ALPAGASUS,
    of: 'response',
    scale: { min: 0, max: 5 },
    prompt: { id: 'judge-helpfulness', variables: ['item'] },
    isWeighed: false,
    outputTokens: { expected: 55, most: 280 },
  },
  {
    name: 'response-quality',
    summary: 'how good the response is',
    source: DEITA,
    of: 'response',
    scale: { min: 1, max: 6 },
    prompt: { id: 'judge-response-quality', variables: ['item'] },
    isWeighed: true,
    outputTokens: { expected: 45, most: 240 },
  },
  NECESSITY,
]);
