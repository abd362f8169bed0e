import { render } from 'preact';
import './theme.css';
import './controls.css';
import './frame.css';
import './item.css';
import './writing.css';
import './dialogs.css';
import './lead.css';
import { App } from './app.tsx';

render(<App />, document.body);
