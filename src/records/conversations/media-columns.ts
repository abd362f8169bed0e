import type { Turn } from '../../domain/conversation.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../domain/instruction.ts';
import { mediumShown } from './turn-content.ts';

/** Columns that hold images, audio and video beside the text, by what they hold. */
const COLUMNS: ReadonlyMap<string, string> = new Map([
  ...['image', 'images', 'image_url', 'image_urls', 'image_path', 'image_file'].map((name) => [name, 'image'] as const),
  ...['audio', 'audios', 'audio_path', 'audio_url'].map((name) => [name, 'audio'] as const),
  ...['video', 'videos', 'video_path', 'video_url'].map((name) => [name, 'video'] as const),
]);
const ADDRESS =
  /^data:(?:image|audio|video)\/|\.(?:png|jpe?g|gif|webp|bmp|tiff?|svg|heic|wav|mp3|flac|ogg|m4a|mp4|webm|mov|avi|mkv)(?:[?#].*)?$/i;

interface Medium {
  readonly kind: string;
  readonly shown: string;
}

/**
 * Shows the images, audio and video of a record's columns in the turns: in place of `<image>` and its like, in order, and the
 * rest before the first user turn. Two questions on different images are different items.
 * @returns the turns, and how many more media they show
 */
export function withMediaColumns(
  record: JsonObject,
  turns: readonly Turn[],
): { readonly turns: readonly Turn[]; readonly media: number } {
  const media = mediaOf(record);
  if (media.length === 0) return { turns, media: 0 };
  let added = 0;
  const shown = turns.map((turn): Turn => {
    const text = turn.text.replace(
      /<(image|audio|video)>|\[(image|audio|video)\]/g,
      (mark, tag?: string, part?: string) => {
        const index = media.findIndex(({ kind }) => kind === (tag ?? part));
        if (index === -1) return mark;
        if (tag !== undefined) added += 1;
        return media.splice(index, 1)[0]!.shown;
      },
    );
    return text === turn.text ? turn : { ...turn, text };
  });
  const first = shown.findIndex(({ role }) => role === 'user');
  if (media.length === 0 || first === -1) return { turns: shown, media: added };
  const request = shown[first]!;
  const text = [...media.map(({ shown: placeholder }) => placeholder), request.text].join('\n');
  return { turns: shown.with(first, { ...request, text }), media: added + media.length };
}

/** Whether a record has a column of such a name; most have none. O(fields). */
export function hasMediaColumns(record: JsonObject): boolean {
  for (const name of Object.keys(record)) if (COLUMNS.has(name)) return true;
  return false;
}

function mediaOf(record: JsonObject): Medium[] {
  const media: Medium[] = [];
  for (const name of Object.keys(record)) {
    const kind = COLUMNS.get(name);
    if (kind === undefined) continue;
    const value = record[name]!;
    for (const one of Array.isArray(value) ? value : [value])
      if (isMedium(one)) media.push({ kind, shown: mediumShown(kind, one) });
  }
  return media;
}

/** An address, or what data sets keep of a file: its bytes, its path. */
function isMedium(value: JsonValue): value is string | JsonObject {
  if (typeof value === 'string') return ADDRESS.test(value);
  return (
    isJsonObject(value) &&
    ['bytes', 'path', 'url', 'src'].some((name) => value[name] !== undefined && value[name] !== null)
  );
}
