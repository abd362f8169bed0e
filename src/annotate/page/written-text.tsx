import { textParts } from './code-pieces.ts';
import { coloredCode } from './code-text.tsx';
import { textPieces } from './visible-text.ts';

/** Browsers lay out one long text slowly, but skip pieces that are not visible. */
const PIECE_CHARACTERS = 10_000;

/** A text character by character; code between fences has colors. */
export function WrittenText({ text }: { readonly text: string }) {
  return (
    <div class="written-text">
      {textParts(text).map((part, index) =>
        part.kind === 'text' ? (
          textPieces(part.text, PIECE_CHARACTERS).map((piece) => (
            <div dir="auto" class="piece">
              {piece}
            </div>
          ))
        ) : (
          // The parts of a text never change their order.
          <div key={index} dir="ltr" class="piece code">
            <span class="mark">{part.open}</span>
            {coloredCode(part.code, part.language)}
            <span class="mark">{part.close}</span>
          </div>
        ),
      )}
    </div>
  );
}
