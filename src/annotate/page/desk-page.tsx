import { useEffect, useRef, useState } from 'preact/hooks';
import type { SessionAnswer } from '../server/web-api.ts';
import { useRemembered } from './browser-storage.ts';
import type { DeskApi, RequestError } from './desk-api.ts';
import { DeskDialogs, type OpenDialog } from './desk-dialogs.tsx';
import { replaceText } from './editor.tsx';
import { EndView } from './end-view.tsx';
import { TurnedDownNotice } from './item-notices.tsx';
import { type Command, hasFinePointer, KeyHint, shortcutsOf, useCommands } from './keyboard.tsx';
import { canGoBack, numberInAddress, useNavigation } from './navigation.ts';
import { PageHeader, ProgressView } from './page-header.tsx';
import { focusQuestion } from './questions.tsx';
import { nextView, viewOf } from './text-view.ts';
import { useWorkbench } from './use-workbench.ts';
import { WaitingView } from './waiting-view.tsx';
import { WorkView } from './work-view.tsx';
import { canLabel } from './workbench-state.ts';

export interface DeskPageProps {
  readonly api: DeskApi;
  readonly session: SessionAnswer;
  readonly name: string;
  readonly onLeave: () => void;
  /** Called when the server refuses the name or the link. */
  readonly onRefused: (refusal: RequestError) => void;
}

/** The page for annotating, one item at a time. */
export function DeskPage({ api, session, name, onLeave, onRefused }: DeskPageProps) {
  const [workbench, state] = useWorkbench(api, session.key, name);
  const [chosenView, setView] = useRemembered(`texts of ${name}`, '');
  const [changes, setChanges] = useRemembered(`changes of ${name}`, 'off');
  const [singleKeys, setSingleKeys] = useRemembered('single keys', 'on');
  const [readVersion, setReadVersion] = useRemembered(`guidelines of ${session.key} ${name}`, '');
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const note = useRef<HTMLTextAreaElement>(null);
  const { item, draft, progress } = state;
  const view = viewOf(chosenView, item?.isMarkdown ?? false);

  const refusal = state.problem ?? draft?.refusal ?? null;
  const isRefused = refusal !== null && /^(?:TOKEN_|NAME_|OTHER_PERSON)/.test(refusal.code);
  useEffect(() => {
    if (isRefused) onRefused(refusal);
  }, [isRefused]);

  useNavigation(state, heading, field);

  const openBefore = useRef<OpenDialog | null>(null);
  useEffect(() => {
    const closed = dialog === null ? openBefore.current : null;
    openBefore.current = dialog;
    // The guidelines that open before the first item have nothing to give the focus back to.
    const isFocusLost = closed === 'guidelines' && document.activeElement === document.body;
    if (isFocusLost && hasFinePointer()) field.current?.focus({ preventScroll: true });
  }, [dialog]);

  const version = progress?.guidelines ?? null;
  workbench.guidelines = version === null || readVersion === '' ? undefined : readVersion;
  const isUnread = version !== null && version !== readVersion;
  useEffect(() => {
    // Before the first item. Later versions wait until the person opens them: they may be writing.
    if (isUnread && (readVersion === '' || state.arrival === 'first')) setDialog('guidelines');
  }, [version]);

  useEffect(() => {
    const open = () => {
      // An open dialog is about the item before.
      setDialog(null);
      const number = numberInAddress();
      void (number === null ? workbench.next('back') : workbench.open(number, 'back'));
    };
    addEventListener('popstate', open);
    return () => removeEventListener('popstate', open);
  }, [workbench]);

  useEffect(() => {
    document.title = item === null ? 'winnow annotate' : `${item.rank} of ${item.of} · winnow annotate`;
  }, [item]);

  const browseTo = (number: number | null | undefined) => {
    if (number != null) void workbench.open(number, 'browsed');
  };
  const submit = () => {
    workbench.submit('accepted');
    const problem = workbench.state.problem?.code;
    if (problem === 'EMPTY_RESPONSE') field.current?.focus();
    if (problem === 'ANSWER_MISSING') focusQuestion();
  };
  const useModelAnswer = () => {
    if (!canLabel(state)) return;
    workbench.modelAnswer.use();
    showAsTyped();
  };
  const undo = () => {
    workbench.modelAnswer.undo();
    showAsTyped();
  };
  const showAsTyped = () => {
    if (hasFinePointer()) replaceText(field.current!, workbench.state.draft!.response);
  };
  const commands: Readonly<Record<Command, () => void>> = {
    submit,
    'leave-editor': () => heading.current?.focus({ preventScroll: true }),
    questions: focusQuestion,
    edit: () => field.current?.focus(),
    skip: () => workbench.submit('skipped'),
    reject: () => workbench.submit('rejected'),
    'give-reason': () => state.turnedDown !== null && setDialog('reason'),
    doubt: () => workbench.toggleDoubt(),
    note: () => note.current?.focus(),
    'use-model-answer': useModelAnswer,
    later: () => void workbench.next('browsed'),
    back: () => (canGoBack() ? history.back() : browseTo(item?.previous)),
    return: () =>
      state.place !== null && state.place.number !== item?.number && void workbench.open(state.place.number),
    previous: () => browseTo(item?.previous),
    next: () => browseTo(item?.next),
    list: () => setDialog('rows'),
    search: () => setDialog('search'),
    'go-to': () => setDialog('number'),
    changes: () => setChanges(changes === 'on' ? 'off' : 'on'),
    'text-view': () => setView(nextView(view)),
    guidelines: () => version !== null && setDialog('guidelines'),
    display: () => setDialog('display'),
    shortcuts: () => setDialog('shortcuts'),
  };
  useCommands(commands, singleKeys === 'on');

  return (
    <>
      <button type="button" class="skip-link" onClick={() => heading.current?.focus()}>
        Skip to item
      </button>
      <PageHeader
        session={session}
        view="desk"
        round={progress === null ? '' : `Round ${progress.round}, ${progress.strategy}`}
        name={name}
        onLeave={onLeave}
        onDisplay={commands.display}
      >
        <button type="button" onClick={commands.list} aria-keyshortcuts={shortcutsOf('list')}>
          Items <KeyHint keys="L" />
        </button>
        {version !== null && (
          <button
            type="button"
            class={isUnread ? 'news' : undefined}
            onClick={commands.guidelines}
            aria-keyshortcuts={shortcutsOf('guidelines')}
          >
            {isUnread ? 'New guidelines' : 'Guidelines'} <KeyHint keys="H" />
          </button>
        )}
        <button
          type="button"
          class="for-keys"
          onClick={commands.shortcuts}
          aria-keyshortcuts={shortcutsOf('shortcuts')}
        >
          Shortcuts <KeyHint keys="?" />
        </button>
      </PageHeader>
      {progress !== null && <ProgressView progress={progress} isForOne unsent={state.unsent} />}
      {!state.isReachable && (
        <p class="banner" role="alert">
          Can't reach the server. Reconnecting…{' '}
          {draft?.isInBrowser === false
            ? "Your browser can't save drafts. Keep this page open."
            : 'Your drafts are kept in this browser.'}
          {state.unsent > 0 &&
            ` ${state.unsent === 1 ? '1 submitted item' : `${state.unsent} submitted items`} will be sent then.`}
        </p>
      )}
      {state.refused.map(({ number, rank, message }) => (
        <p class="banner" role="alert" key={number}>
          Item {rank} was not submitted: {message}{' '}
          <button
            type="button"
            onClick={() => {
              workbench.dismissRefused(number);
              void workbench.open(number);
            }}
          >
            Open item {rank}
          </button>
        </p>
      ))}
      <main>
        {state.turnedDown !== null && (
          <TurnedDownNotice
            item={state.turnedDown}
            onReason={commands['give-reason']}
            onOpen={(number) => void workbench.open(number)}
          />
        )}
        {state.phase === 'starting' && (
          <div class="starting">
            <p role="status">{state.problem === null ? 'Loading…' : state.problem.message}</p>
            {state.problem !== null && (
              <button type="button" onClick={commands.later}>
                Next open item
              </button>
            )}
          </div>
        )}
        {state.phase === 'waiting' && (
          <WaitingView
            field={field}
            heading={heading}
            text={state.early}
            onWrite={(text) => workbench.writeEarly(text)}
          />
        )}
        {state.phase === 'finished' && progress !== null && (
          <EndView heading={heading} progress={progress} onList={commands.list} />
        )}
        {item !== null && draft !== null && (
          <WorkView
            state={{ ...state, item, draft }}
            heading={heading}
            field={field}
            note={note}
            view={view}
            hasChanges={changes === 'on'}
            hasSingleKeys={singleKeys === 'on'}
            workbench={workbench}
            commands={commands}
            onUndo={undo}
          />
        )}
      </main>
      <div class="visually-hidden" role="status" aria-live="polite">
        <span key={state.announcement.count}>{state.announcement.text}</span>
      </div>
      <DeskDialogs
        dialog={dialog}
        onDialog={setDialog}
        api={api}
        name={name}
        workbench={workbench}
        state={state}
        hasSingleKeys={singleKeys === 'on'}
        onSingleKeys={(isOn) => setSingleKeys(isOn ? 'on' : 'off')}
        onGuidelinesRead={setReadVersion}
      />
    </>
  );
}
