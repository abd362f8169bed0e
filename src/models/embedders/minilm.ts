import { z } from 'zod';
import { option, sentence } from '../../domain/wording.ts';
import { unreadShare } from '../../text/unread-script.ts';
import type { EmbedderDefinition } from './embedder-definition.ts';

/** all-MiniLM-L6-v2 on this machine. */
export const minilmDefinition: EmbedderDefinition = {
  name: 'minilm',
  summary: 'runs here, free',
  source: 'https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2',
  settings: z.strictObject({}),
  identity: () => 'minilm',
  notes: (texts) => {
    const unread = texts.filter((text) => unreadShare(text) > 0).length;
    if (unread === 0) return [];
    const items = `${unread} of ${texts.length} ${texts.length === 1 ? 'item' : 'items'}`;
    return [
      sentence`${items} ${unread === 1 ? 'uses' : 'use'} a script that MiniLM does not read, or emoji. ${unread === 1 ? 'It is' : 'They are'} compared by wording, not by meaning. A multilingual embedder compares them by meaning: ${option('embedder', 'onnx')} with a folder of multilingual-e5-small or the like as ${option('embeddingModel')}, or ${option('embedder', 'openai')}.`,
    ];
  },
  open: openMinilm,
  openOnWorker: openMinilm,
};

async function openMinilm() {
  return (await import('./minilm-embedder.ts')).minilmEmbedder();
}
