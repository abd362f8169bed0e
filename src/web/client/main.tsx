import { render } from 'preact';
import '../../pages/theme.css';
import './annotate.css';
import { App } from './app.tsx';

render(<App />, document.body);
