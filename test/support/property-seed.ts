import fc from 'fast-check';

// Property tests try the same cases in every run, so that only a change of ours can turn one red.
// `npm run fresh-seeds` tries others.
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 1) });
