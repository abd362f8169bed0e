// A format of one's own for what people corrected: a question, the better and the worse answer.
//   winnow export --corrections better-worse --plugin examples/corrections-better-worse.js
const betterWorse = {
  name: 'better-worse',
  summary: 'question, better and worse answer, one JSON object a line',
  source: 'https://example.com/better-worse',
  takes: ({ decision }) => decision === 'edited',
  files: ({ train, heldOut }) => [
    { name: 'train.jsonl', content: train.map(line).join('') },
    { name: 'held-out.jsonl', content: heldOut.map(line).join('') },
  ],
};

function line({ instruction, input, response, answer }) {
  const question = input === undefined ? instruction : `${instruction}\n\n${input}`;
  return `${JSON.stringify({ question, better: response, worse: answer })}\n`;
}

export default { name: 'better-worse-format', version: '1.0.0', correctionFormats: [betterWorse] };
