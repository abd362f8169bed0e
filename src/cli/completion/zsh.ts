import type { DescribedCommand, DescribedOption } from '../described-command.ts';
import { allCommands, takesFile } from './choices-by-option.ts';

/** A script that completes commands, options and the values that they choose from; file names elsewhere. */
export function zshCompletion(program: DescribedCommand): string {
  return `#compdef winnow
# zsh completion for winnow. Save it as _winnow in a folder of $fpath, or load it with: source <(winnow completion zsh)
${allCommands(program).map(functionOf).join('\n')}
if [[ "$funcstack[1]" == _winnow ]]; then _winnow "$@"; else compdef _winnow winnow; fi
`;
}

function functionOf(command: DescribedCommand): string {
  const specs = command.options.map(specOf);
  if (command.commands.length === 0) {
    const files = command.arguments.map(({ term, choices }) => {
      const action = choices.length > 0 ? `(${choices.join(' ')})` : '_files';
      return quote(`${term.includes('...') ? '*' : ''}:${escaped(term.replace(/[<>[\].]/g, ''))}:${action}`);
    });
    return `${nameOf(command)}() {\n  _arguments \\\n    ${[...specs, ...files].join(' \\\n    ')}\n}`;
  }
  const names = command.commands.map(({ name, description }) =>
    quote(`${escaped(lastWord(name))}:${escaped(description)}`),
  );
  const cases = command.commands.map((below) => `    ${lastWord(below.name)}) ${nameOf(below)} ;;`);
  return `${nameOf(command)}() {
  local state line
  _arguments -C \\
    ${[...specs, `'1: :->command'`, `'*:: :->words'`].join(' \\\n    ')}
  case $state in
  command)
    local -a commands=(
      ${names.join('\n      ')}
    )
    _describe command commands
    ;;
  words)
    case $line[1] in
${cases.join('\n')}
    esac
    ;;
  esac
}`;
}

/** `'(-n --count)'{-n,--count}'[how many]:n:'` */
function specOf(option: DescribedOption): string {
  const { names, value, choices, description } = option;
  const action = choices.length > 0 ? `(${choices.join(' ')})` : takesFile(option) ? '_files' : '';
  const takes = value === undefined ? '' : `:${escaped(value.replaceAll('...', ''))}:${action}`;
  const what = quote(`[${escaped(description)}]${takes}`);
  const isMany = value?.endsWith('...') ?? false;
  const before = isMany ? quote('*') : names.length > 1 ? quote(`(${names.join(' ')})`) : '';
  return `${before}${names.length > 1 ? `{${names.join(',')}}` : names[0]}${what}`;
}

function nameOf({ name }: DescribedCommand): string {
  return ['_winnow', ...name.split(' ')].filter((word) => word !== '').join('_');
}

function lastWord(name: string): string {
  return name.split(' ').at(-1)!;
}

function escaped(text: string): string {
  return text.replace(/[\\:[\]]/g, '\\$&');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
