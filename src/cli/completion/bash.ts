import type { DescribedCommand } from '../described-command.ts';
import { allCommands, choicesByOption } from './choices-by-option.ts';

/** A script that completes commands, options and the values that they choose from; file names elsewhere. */
export function bashCompletion(program: DescribedCommand): string {
  const commands = allCommands(program);
  const steps = commands.flatMap(({ name }) => {
    if (name === '') return [];
    const words = name.split(' ');
    return `      '${words.slice(0, -1).join(' ')}:${words.at(-1)}') command='${name}' ;;`;
  });
  const values = commands.flatMap((command) =>
    choicesByOption(command).map(
      ({ names, choices }) =>
        `    ${names.map((name) => `'${command.name} ${name}'`).join(' | ')}) words='${choices.join(' ')}' ;;`,
    ),
  );
  const options = commands.map(({ name, options: own }) => {
    const words = [...own.flatMap(({ names }) => names), '--help'];
    return `      '${name}') words='${words.join(' ')}' ;;`;
  });
  const below = commands.flatMap(({ name, commands: next, arguments: args }) => {
    const words = [...next.map(({ name: full }) => full.split(' ').at(-1)!), ...args.flatMap(({ choices }) => choices)];
    return words.length === 0 ? [] : `      '${name}') words='${words.join(' ')}' ;;`;
  });
  return `# bash completion for winnow. Load it with: source <(winnow completion bash)
_winnow() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" command='' words='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$command:\${COMP_WORDS[i]}" in
${steps.join('\n')}
    esac
  done
  case "$command $before" in
${values.join('\n')}
  esac
  if [[ -z $words && $word == -* ]]; then
    case "$command" in
${options.join('\n')}
    esac
  elif [[ -z $words && $before != -* ]]; then
    case "$command" in
${below.join('\n')}
    esac
  fi
  if [[ -n $words ]]; then COMPREPLY=($(compgen -W "$words" -- "$word")); fi
}
complete -o default -F _winnow winnow
`;
}
