// A pool reader of one's own: text files with one instruction a line.
//   winnow pick questions.txt --count 20 --plugin examples/records-text.js
const textLines = {
  name: 'text',
  summary: 'text: one instruction a line',
  extensions: ['.txt'],
  unit: 'line',
  async *read({ content }) {
    const chunks = [];
    for await (const chunk of content()) chunks.push(chunk);
    const lines = Buffer.concat(chunks).toString('utf8').split(/\r?\n/);
    for (const [index, line] of lines.entries()) {
      if (line.trim() !== '') yield { line: index + 1, value: { instruction: line } };
    }
  },
};

export default { name: 'text-records', version: '1.0.0', recordFormats: [textLines] };
