// A label bridge of one's own: the JSON Lines file of a survey tool.
//   labels: { tool: survey }   and   plugins: [./bridge-survey.js]   in winnow.yaml
import { conversationText } from 'winnow-ai';

const surveyBridge = {
  name: 'survey',
  summary: "the survey tool's questions, one a line",
  extension: '.jsonl',
  setup: 'Upload the file as a question list. Export the replies as JSON Lines.',
  encode: (tasks) =>
    tasks
      .map((task) => {
        const { id, draft } = task;
        const suggestion = draft?.response ?? null;
        // With the system prompt, the tools and the earlier turns, where the item has them.
        return `${JSON.stringify({ survey_key: id, question: conversationText(task), suggestion })}\n`;
      })
      .join(''),
  detect: ({ records }) => records.some(({ value }) => typeof value?.survey_key === 'string'),
  decode: ({ records, unreadable }) => {
    const annotations = [];
    const untouched = [];
    const foreign = [...unreadable];
    for (const { place, value } of records) {
      const { survey_key: itemId, reply, person = null, answered_at: time } = value ?? {};
      if (typeof itemId !== 'string') foreign.push({ place, cause: 'it has no survey_key' });
      else if (typeof reply !== 'string' || reply.trim() === '') untouched.push(itemId);
      else {
        const submittedAtMs = Number.isNaN(Date.parse(time)) ? null : Date.parse(time);
        const verdict = reply === '(pass)' ? 'skipped' : 'accepted';
        const response = verdict === 'accepted' ? reply : null;
        annotations.push({
          itemId,
          verdict,
          response,
          annotator: person,
          seconds: null,
          submittedAtMs,
          sourceId: null,
          place,
          // A label is taken where its id and the text it stands beside agree.
          shown: { prompt: value.question },
        });
      }
    }
    return { annotations, untouched, foreign };
  },
};

export default { name: 'survey-bridge', version: '1.0.0', bridges: [surveyBridge] };
