import { chatMessages, openAiMessages } from '../domain/chat-messages.ts';
import { allTurns, contextText, conversationText, speakerOf, spokenText, toolsText } from '../domain/conversation.ts';
import type { LabelTask } from '../domain/label.ts';

/**
 * Text as annotation tools can store it: lone surrogates and NULs become U+FFFD. PostgreSQL, which most
 * tools keep their tasks in, takes neither, and one such character would make it refuse the whole file.
 * Only for what is shown: ids keep their NULs, since labels find their way home by them.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

/**
 * What the annotator answers: the instruction, then, where there is one, a blank line and the input. A conversation is
 * all of it, each turn with who speaks.
 */
export function promptText(task: LabelTask): string {
  return storableText(conversationText(task));
}

/** What was said before the instruction, for tools with a field of its own; empty for a single request. */
export function taskContext(task: LabelTask): string {
  return storableText(contextText(task) ?? '');
}

/** The conversation as chat messages, for tools that show roles: Label Studio's Chat, for example. */
export function taskMessages(task: LabelTask): { readonly messages?: readonly object[] } {
  if (task.context === undefined) return {};
  const messages = openAiMessages(chatMessages(task));
  return { messages: messages.map((message) => ({ ...message, content: storableText(message.content) })) };
}

/** Every turn with who speaks, for tools that show a dialogue but no tool calls: they are written out. */
export function taskDialogue(task: LabelTask): readonly { readonly author: string; readonly text: string }[] {
  const tools = task.context === undefined ? [] : toolsText(task.context).map((text) => ({ author: 'Tools', text }));
  const turns = allTurns(task).map((turn) => ({ author: speakerOf(turn), text: spokenText(turn) }));
  return [...tools, ...turns].map(({ author, text }) => ({ author: storableText(author), text: storableText(text) }));
}

/** The shown fields of its record, why the item is here and, where it comes with a draft, what is wrong with that. Never empty. */
export function noteText({ round, rank, reason, draft, fields = [] }: LabelTask): string {
  const chosen = `Round ${round}, rank ${rank}${reason.trim() === '' ? '' : `: ${reason}`}`;
  const shown = fields.map(({ name, value }) => `${name}: ${value}\n`).join('');
  if (draft === undefined) return storableText(`${shown}${chosen}`);
  const why = draft.judgeReason.trim() === '' ? '' : `: ${draft.judgeReason}`;
  return storableText(`${shown}${chosen}\nDraft by ${draft.model}, scored ${draft.score.toFixed(2)} of 1${why}`);
}

/** Round, rank and reason and, where there is a draft, its model and score and the judge's reason: for a tool's metadata. */
export function taskMetadata({ round, rank, reason, draft }: LabelTask) {
  return {
    round,
    rank,
    reason: storableText(reason),
    ...(draft !== undefined && {
      draft_model: storableText(draft.model),
      draft_score: draft.score,
      judge_reason: storableText(draft.judgeReason),
    }),
  };
}
