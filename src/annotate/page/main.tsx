import { render } from 'preact';
import './theme.css';
import './controls.css';
import './frame.css';
import './item.css';
import './writing.css';
import './dialogs.css';
import './lead.css';
import { App } from './app.tsx';
import { applyDisplay, displayOf } from './display.ts';

// Before anything is shown.
applyDisplay(displayOf(null));
render(<App />, document.body);
