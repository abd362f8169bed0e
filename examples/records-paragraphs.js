// A pool reader of one's own: text files with one instruction a paragraph.
//   winnow pick questions.par --count 20 --plugin examples/records-paragraphs.js
const paragraphs = {
  name: 'paragraphs',
  summary: 'text: one instruction a paragraph',
  extensions: ['.par'],
  unit: 'record',
  async *read({ content }) {
    const chunks = [];
    for await (const chunk of content()) chunks.push(chunk);
    const parts = Buffer.concat(chunks)
      .toString('utf8')
      .split(/(?:\r?\n){2,}/);
    for (const [index, part] of parts.entries()) {
      if (part.trim() !== '') yield { line: index + 1, value: { instruction: part.trim() } };
    }
  },
};

export default { name: 'paragraph-records', version: '1.0.0', recordFormats: [paragraphs] };
