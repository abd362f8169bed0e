/** Progress of a long computation. `done` and `total` count items of the phase. */
export interface ProgressEvent {
  readonly phase:
    | 'download'
    | 'read'
    | 'embed'
    | 'group'
    | 'cluster'
    | 'choose'
    | 'compare'
    | 'cover'
    | 'estimate'
    | 'judge'
    | 'evaluate'
    | 'simulate'
    | 'write';
  readonly done: number;
  /** Absent while unknown. */
  readonly total?: number;
  /** A short remark: "3 of 12 from the cache". */
  readonly note?: string;
}

export type OnProgress = (event: ProgressEvent) => void;
