// A training format of one's own: ChatML text.
//   winnow export --training chatml --plugin examples/format-chatml.js
const chatml = {
  name: 'chatml',
  summary: 'ChatML: one text file of turns',
  source: 'https://github.com/openai/openai-python/blob/release-v0.28.0/chatml.md',
  files: ({ train, heldOut }) =>
    [
      { name: 'train.txt', examples: train },
      { name: 'held-out.txt', examples: heldOut },
    ]
      .filter(({ name, examples }) => name === 'train.txt' || examples.length > 0)
      .map(({ name, examples }) => ({ name, content: examples.map(conversation).join('\n') })),
};

function conversation({ instruction, input, response }) {
  const request = input === undefined ? instruction : `${instruction}\n\n${input}`;
  return `<|im_start|>user\n${request}<|im_end|>\n<|im_start|>assistant\n${response}<|im_end|>\n`;
}

export default { name: 'chatml-format', version: '1.0.0', trainingFormats: [chatml] };
