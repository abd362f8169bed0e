interface ErrorCodeEntry {
  /** What has happened, as a sentence. */
  readonly means: string;
  /** What to do, as sentences with the flags of the command line. */
  readonly fix: string;
}

/** Every `code` of an error that a command or the library can end with; docs/troubleshooting.md is made from it. */
export const ERROR_CODES: Readonly<Record<string, ErrorCodeEntry>> = {
  ADDRESS_UNUSABLE: {
    means: '`winnow annotate` cannot listen on the address of `--host`.',
    fix: 'Use an address of this machine, or `--host 0.0.0.0` for all of them.',
  },
  BATCH_PENDING: {
    means: 'The provider still works on a batch.',
    fix: 'Run the same command again later to collect the answers, or add `--wait`.',
  },
  BUDGET_EXCEEDED: {
    means: 'The worst case of the next call or step does not fit under a cap. What was done is kept.',
    fix: 'Raise the cap that the message names (`--max-usd`, `--max-calls`, `--max-tokens`, or `budget` in winnow.yaml) and run the same command again.',
  },
  CONFIG_INVALID: {
    means:
      'winnow.yaml is missing, cannot be read, or has a wrong value. The message names the line and what is allowed there.',
    fix: 'Change that line, or create the file with `winnow init`.',
  },
  COUNT_OUT_OF_RANGE: {
    means: 'More rows were asked for than there are.',
    fix: 'Ask for fewer. If you did not ask for a number yourself, this is a bug: please report it.',
  },
  DECLINED: {
    means: 'You answered no when winnow asked before spending. Nothing was spent.',
    fix: 'Run the command again, or add `--yes` to agree beforehand.',
  },
  DEMO_FAILED: {
    means: 'A command of `winnow demo` failed. Its message is below.',
    fix: 'Follow that message, then run `winnow demo` again with `--force`.',
  },
  EMBEDDING: {
    means: 'Vectors could not be made, or your own do not fit the pool.',
    fix: 'Vectors need one row per record read. `winnow doctor` tries the embedder.',
  },
  ENGINE: {
    means:
      'The Redis server or the shared folder of a cluster cannot be used, a worker was refused, or shards failed three times.',
    fix: 'Do what the message says and run the same command again. Finished shards are not run again.',
  },
  INTERRUPTED: { means: 'You stopped the command.', fix: 'Run it again: it continues.' },
  LABELS_FAILED: {
    means: 'Labels could not be imported, exported, pushed or pulled.',
    fix: 'The message names the file and line, or the server. `--from` names the tool where it is not recognized, `--answer-field` the column of the answer.',
  },
  NOT_ENOUGH: {
    means: 'More instructions are asked for than can be picked.',
    fix: 'Ask for fewer, add files to the pool, or loosen `--where`, quotas or `--threshold`.',
  },
  NO_SUCH_ITEM: {
    means: 'An item was named that was not handed out.',
    fix: 'Check its number on the page of labels.',
  },
  NO_SUCH_LABEL: {
    means: 'A person was named who has no label of the item.',
    fix: 'Load the page again: the label may have been withdrawn meanwhile.',
  },
  NO_SUCH_PERSON: {
    means: 'A person was named who has no pay to adjust.',
    fix: 'Check the name on the team page.',
  },
  NO_VALUE: {
    means: 'An instruction cannot be scored, for example because it has no response.',
    fix: 'Use a strategy that needs no responses, or add `--draft` to have the LLM write them.',
  },
  OUTPUT: {
    means:
      'A file could not be written: the folder is missing, the disk is full, or the file is not one that winnow wrote.',
    fix: 'Name another file with `-o`. `--force` replaces a file where the message says so.',
  },
  PAGE_MISSING: {
    means: 'The built annotation page is missing from the package.',
    fix: 'Install winnow again. In a clone of the repository, run `npm run build`.',
  },
  POOL: {
    means: 'A pool file is missing, empty, or has a record that cannot be read.',
    fix: '`winnow inspect <file>` shows what is read. Name fields with `--instruction-field`, the tool with `--from`, the encoding with `--encoding`; `--skip-bad-lines` leaves bad records out.',
  },
  PORT_IN_USE: {
    means: 'Another program uses the port of `winnow annotate`.',
    fix: 'Stop it, or choose another port: `--port 0` takes any that is free.',
  },
  PROMPT: {
    means: 'A prompt file in your `--prompts` folder is missing or malformed.',
    fix: 'Compare it with the file of the same name in `prompts/` of the package.',
  },
  PROVIDER: {
    means: 'A request to a model or server failed. The message has its status and what it said.',
    fix: 'Check key, model and address with `winnow doctor`. Run the same command again to continue; add `--retry-failed` for what was given up.',
  },
  REPLY_UNUSABLE: {
    means: 'A model answered three times in a way that cannot be used, or a content filter refused the text.',
    fix: 'Add `--retry-failed` to ask again, use another model, or leave the item out with `--exclude-ids`.',
  },
  SCORER: {
    means: 'A file of pairs or a trained scorer cannot be used.',
    fix: 'A file of pairs has `instruction`, `chosen` and `rejected` in each record. `winnow scorer train` writes scorers.',
  },
  STATE_FULL: {
    means: 'The disk is full, so the state could not be saved.',
    fix: 'Free some space and run the same command again.',
  },
  STATE_LOCKED: {
    means: 'Another process uses the same state.',
    fix: 'Wait until it ends, or stop it: the message has its process id.',
  },
  STATE_MISMATCH: {
    means: 'The state file belongs to a run with other options or another pool.',
    fix: 'Use the options of that run, or name another file with `--state`.',
  },
  STATE_NEWER: {
    means: 'A newer version of winnow wrote the state.',
    fix: 'Update winnow.',
  },
  STATE_UNREADABLE: {
    means: 'The state file is damaged, not a state file, or on a file system that is not safe for it.',
    fix: '`winnow recover <state>` saves what can be read. Keep states on a local disk.',
  },
  STEP_NOT_DUE: {
    means: 'The step is not the next one of the campaign.',
    fix: '`winnow status` shows the next command.',
  },
  THREAD_FAILED: {
    means: 'A worker thread failed, usually because memory ran out.',
    fix: 'Run the command again with more memory: `NODE_OPTIONS=--max-old-space-size=8192`.',
  },
  TRAINING_FAILED: {
    means: 'Training the seed model failed.',
    fix: 'Read the log that the message names, fix the cause, and run `winnow next`.',
  },
  UNEXPECTED: {
    means: 'Something happened that winnow did not expect.',
    fix: 'Run the command again with `--verbose` and report the bug with what it prints.',
  },
  UNKNOWN_PRICE: {
    means: 'The price of the model is not known, so no cap could hold.',
    fix: 'Give it with `--price <in,out>` in US dollars per million tokens, `--price 0,0` for a free model, or name a known model with `--priced-as`.',
  },
  USAGE: {
    means: 'An option or argument is missing, has a wrong value, or contradicts another.',
    fix: 'The message names it. `winnow <command> --help` shows what is allowed.',
  },
};
